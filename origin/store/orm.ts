// MikroORM on either database: the same entities, another driver. Nothing connects before the
// first query.
import { Migrator } from '@mikro-orm/migrations';
import { MySqlDriver, MikroORM as MysqlOrm } from '@mikro-orm/mysql';
import { MikroORM, type SqlEntityManager, SqliteDriver } from '@mikro-orm/sql';
import { ActivityEntity } from './entities/activity.ts';
import { ActivityChangeEntity } from './entities/activity-change.ts';
import { AppliedEntity } from './entities/applied.ts';
import { DeadLetterEntity } from './entities/dead-letter.ts';
import { DrawEntity } from './entities/draw.ts';
import { DrawPageEntity } from './entities/draw-page.ts';
import { LeaderTermEntity } from './entities/leader-term.ts';
import { LedgerPageEntity } from './entities/ledger-page.ts';
import { OrderEntity } from './entities/order.ts';
import { SkuEntity } from './entities/sku.ts';
import * as mysqlChanges from './migrations/mysql/activity-changes.ts';
import * as mysqlDraw from './migrations/mysql/activity-draw.ts';
import * as mysqlDraws from './migrations/mysql/draws.ts';
import * as mysqlSchema from './migrations/mysql/initial-schema.ts';
import * as mysqlLifts from './migrations/mysql/lapse-lifts.ts';
import * as mysqlLedger from './migrations/mysql/ledger.ts';
import * as mysqlPayments from './migrations/mysql/payments.ts';
import * as mysqlSettings from './migrations/mysql/setting-changes.ts';
import * as mysqlSpeed from './migrations/mysql/speed-pin.ts';
import * as sqliteChanges from './migrations/sqlite/activity-changes.ts';
import * as sqliteDraw from './migrations/sqlite/activity-draw.ts';
import * as sqliteDraws from './migrations/sqlite/draws.ts';
import * as sqliteSchema from './migrations/sqlite/initial-schema.ts';
import * as sqliteLifts from './migrations/sqlite/lapse-lifts.ts';
import * as sqliteLedger from './migrations/sqlite/ledger.ts';
import * as sqlitePayments from './migrations/sqlite/payments.ts';
import * as sqliteSettings from './migrations/sqlite/setting-changes.ts';
import * as sqliteSpeed from './migrations/sqlite/speed-pin.ts';
import { connectSocket } from './mysql-socket.ts';
import { ImmediateSqliteDialect } from './sqlite-dialect.ts';
import type { MysqlTarget } from './target.ts';

export type { MysqlOrm };
export type Orm = MysqlOrm | MikroORM<SqliteDriver>;
export type Em = SqlEntityManager;

const CONNECT_TIMEOUT_MS = 2000;
const POOL_SIZE = 10;

const shared = {
  entities: [
    ActivityEntity,
    ActivityChangeEntity,
    AppliedEntity,
    DeadLetterEntity,
    DrawEntity,
    DrawPageEntity,
    LeaderTermEntity,
    LedgerPageEntity,
    OrderEntity,
    SkuEntity,
  ],
  extensions: [Migrator],
  ensureDatabase: false,
  debug: false,
  logger: () => undefined,
};

const migrations = { snapshot: false, tableName: 'migration', silent: true };

export function mysqlOrm(target: MysqlTarget): MysqlOrm {
  const { host, port, user, password, database } = target;
  return new MysqlOrm({
    ...shared,
    host,
    port,
    user,
    password,
    dbName: database,
    charset: 'utf8mb4',
    pool: { max: POOL_SIZE },
    driverOptions: {
      connectTimeout: CONNECT_TIMEOUT_MS,
      stream: () => connectSocket({ host, port }),
      waitForConnections: true,
      queueLimit: 1000,
    },
    migrations: {
      ...migrations,
      migrationsList: [
        mysqlSchema.InitialSchema,
        mysqlLedger.Ledger,
        mysqlDraw.ActivityDraw,
        mysqlPayments.Payments,
        mysqlChanges.ActivityChanges,
        mysqlSpeed.SpeedPin,
        mysqlDraws.Draws,
        mysqlLifts.LapseLifts,
        mysqlSettings.SettingChanges,
      ],
    },
  });
}

export function sqliteOrm(file: string): MikroORM<SqliteDriver> {
  return new MikroORM<SqliteDriver>({
    ...shared,
    driver: SqliteDriver,
    dbName: file,
    driverOptions: new ImmediateSqliteDialect(file),
    migrations: {
      ...migrations,
      migrationsList: [
        sqliteSchema.InitialSchema,
        sqliteLedger.Ledger,
        sqliteDraw.ActivityDraw,
        sqlitePayments.Payments,
        sqliteChanges.ActivityChanges,
        sqliteSpeed.SpeedPin,
        sqliteDraws.Draws,
        sqliteLifts.LapseLifts,
        sqliteSettings.SettingChanges,
      ],
    },
  });
}

/** What makes a select hold its rows until the transaction ends; SQLite holds the whole file. */
export function lockClause(em: Em): 'for update' | '' {
  return em.getDriver() instanceof MySqlDriver ? 'for update' : '';
}
