// The few statements that tools and tests send to MySQL or MariaDB themselves.
import { randomBytes } from 'node:crypto';
import { MikroORM } from '@mikro-orm/mysql';

export type Database = {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
};

type Execute = (sql: string) => Promise<unknown>;

/** The server may be busy with the tables of several test files. */
const CONNECT_WITHIN_MS = 10_000;

/** Connects, does the work, hangs up. */
export async function withDatabase<T>(
  { database, ...server }: Database,
  work: (execute: Execute) => Promise<T>,
): Promise<T> {
  const orm = new MikroORM({
    ...server,
    dbName: database,
    entities: [],
    discovery: { warnWhenNoEntities: false },
    driverOptions: { connectTimeout: CONNECT_WITHIN_MS },
    pool: { min: 0, max: 1 },
  });
  try {
    return await work((sql) => orm.em.getConnection().execute(sql));
  } finally {
    await orm.close(true);
  }
}

/** An empty database of its own for one test file; it goes away with the test server. */
export async function createDatabase(server: Database): Promise<string> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await withDatabase(server, (execute) => execute(`create database ${name}`));
  return name;
}
