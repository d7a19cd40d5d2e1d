// node:sqlite under MikroORM, with transactions that take the write lock when they begin: a
// transaction that reads first and writes later can then never fail for another's write.
import { NodeSqliteDialect } from '@mikro-orm/sql';

type Driver = ReturnType<NodeSqliteDialect['createDriver']>;
type Connection = Awaited<ReturnType<Driver['acquireConnection']>>;

export class ImmediateSqliteDialect extends NodeSqliteDialect {
  override createDriver(): Driver {
    const driver = super.createDriver();
    const begin = driver.beginTransaction.bind(driver);
    driver.beginTransaction = (connection, settings) => begin(immediate(connection), settings);
    return driver;
  }
}

function immediate(connection: Connection): Connection {
  return {
    executeQuery: (query, options) =>
      connection.executeQuery({ ...query, sql: `${query.sql} immediate` }, options),
    streamQuery: connection.streamQuery.bind(connection),
  };
}
