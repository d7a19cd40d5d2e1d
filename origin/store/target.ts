// Which database a store stands on, and what of the configuration says so.
import type { OriginConfig } from '../config.ts';

export interface MysqlTarget {
  readonly kind: 'mysql';
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface SqliteTarget {
  readonly kind: 'sqlite';
  readonly file: string;
}

export type StoreTarget = MysqlTarget | SqliteTarget;

export function storeTarget(config: OriginConfig): StoreTarget {
  if (config.STACK === 'embedded') return { kind: 'sqlite', file: config.SQLITE_FILE };
  return {
    kind: 'mysql',
    host: config.MYSQL_HOST,
    port: config.MYSQL_PORT,
    user: config.MYSQL_USER,
    password: config.MYSQL_PASSWORD,
    database: config.MYSQL_DATABASE,
  };
}
