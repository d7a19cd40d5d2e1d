// Brings a database's schema up to date. Repeatable; two at once wait for each other.
import { createHash } from 'node:crypto';
import { databaseAway, failureKind } from './failure.ts';
import { connectMysql } from './open-mysql.ts';
import { openSqlite } from './open-sqlite.ts';
import type { MysqlOrm } from './orm.ts';
import { runMigrations } from './run-migrations.ts';
import type { StoreTarget } from './target.ts';

/** Of one database: locks are the server's, and others of its databases have nothing to wait for. */
export const migrationLock = (database: string): string =>
  `flash-sale ${createHash('sha256').update(database).digest('hex').slice(0, 32)}`;
const LOCK_WAIT_SECONDS = 60;

/**
 * Answers the names of the migrations that this call has run. Rejects with `InfrastructureError`
 * when the database is away, with an `Error` when another process owns the SQLite file.
 */
export async function migrate(target: StoreTarget): Promise<readonly string[]> {
  if (target.kind === 'sqlite') {
    const { store, migrated } = await openSqlite(target.file);
    await store.close();
    return migrated;
  }
  const orm = await connectMysql(target);
  try {
    return await underLock(orm, migrationLock(target.database), () => runMigrations(orm));
  } catch (error) {
    if (failureKind(error) === 'away') throw databaseAway(error);
    throw error;
  } finally {
    await orm.close(true);
  }
}

/** MySQL commits around each DDL statement, so no transaction can keep a second migrator out. */
async function underLock<Answer>(
  orm: MysqlOrm,
  lock: string,
  work: () => Promise<Answer>,
): Promise<Answer> {
  const pool = await orm.driver.getConnection().getNativeClient();
  const connection = await pool.promise().getConnection();
  try {
    const [rows] = await connection.query('select get_lock(?, ?) as held', [
      lock,
      LOCK_WAIT_SECONDS,
    ]);
    if (JSON.stringify(rows) !== '[{"held":1}]') throw new Error('another migration is under way');
    return await work();
  } finally {
    // The lock goes with its connection.
    connection.destroy();
  }
}
