// How the database is set up, seen through a connection like those of the store.
import { connectMysql } from './open-mysql.ts';
import type { MysqlTarget } from './target.ts';

export interface MysqlFound {
  readonly faults: readonly string[];
  readonly clock: { readonly serverMs: number; readonly tookMs: number };
}

/** Each variable with what the guards of the writer rest on. */
const WANTED: readonly (readonly [names: readonly string[], isGood: RegExp, why: string])[] = [
  [['transaction_isolation', 'tx_isolation'], /^READ-COMMITTED$/, 'must be READ-COMMITTED'],
  [['sql_mode'], /STRICT_ALL_TABLES/, 'must be strict'],
  [['character_set_client'], /^utf8mb4$/, 'must be utf8mb4'],
  [['innodb_flush_log_at_trx_commit'], /^1$/, 'must be 1: else a crash loses commits'],
  [['innodb_doublewrite'], /^(ON|1)$/, 'must be on: else a crash may tear pages'],
];

/** Rejects when the database is not reachable. */
export async function inspectMysql(target: MysqlTarget): Promise<MysqlFound> {
  const orm = await connectMysql(target);
  try {
    const em = orm.em.fork();
    const names = WANTED.flatMap(([aliases]) => aliases.map((name) => `'${name}'`)).join(', ');
    const rows = await em.execute<{ Variable_name: string; Value: string }[]>(
      `show variables where variable_name in (${names})`,
    );
    const values = new Map(rows.map((row) => [row.Variable_name, row.Value]));
    const askedAt = performance.now();
    const [clock] = await em.execute<{ ms: string }[]>(
      'select cast(unix_timestamp(now(3)) * 1000 as char) as ms',
    );
    const tookMs = performance.now() - askedAt;
    const faults = WANTED.flatMap(([aliases, isGood, why]) => {
      const name = aliases.find((alias) => values.has(alias));
      const value = values.get(name ?? '') ?? 'unknown';
      return isGood.test(value) ? [] : [`${name ?? aliases[0]} is ${value}, it ${why}`];
    });
    return { faults, clock: { serverMs: Number(clock?.ms), tookMs } };
  } finally {
    await orm.close(true);
  }
}
