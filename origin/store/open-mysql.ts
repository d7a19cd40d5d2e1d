// The store on MySQL or MariaDB, in this process.
import { type MysqlOrm, mysqlOrm } from './orm.ts';
import { storeOver } from './over-orm.ts';
import type { Store } from './store.ts';
import type { MysqlTarget } from './target.ts';

/**
 * READ COMMITTED: the lock on the `applied` row decides, and what is read after it must be what was
 * committed before it. TRADITIONAL: a value that does not fit is refused, never cut.
 */
const SESSION = [
  'set session transaction isolation level read committed',
  "set session sql_mode = 'TRADITIONAL', innodb_lock_wait_timeout = 5",
];

export async function openMysql(target: MysqlTarget): Promise<Store> {
  return storeOver(await connectMysql(target));
}

/** Each new connection is set up before its first query, or never used. */
export async function connectMysql(target: MysqlTarget): Promise<MysqlOrm> {
  const orm = mysqlOrm(target);
  const pool = await orm.driver.getConnection().getNativeClient();
  pool.on('connection', (connection) => {
    for (const statement of SESSION) {
      connection.query(statement, (error) => {
        if (error) connection.destroy();
      });
    }
  });
  return orm;
}
