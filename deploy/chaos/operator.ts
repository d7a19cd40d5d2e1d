// What an operator sees after a run, by the commands of the gateway's own cli: Redis and database
// agree, and the ledger is whole and contains every head that buyers were given.
import { join } from 'node:path';
import { run } from '../local/services/programs.ts';
import { ROOT } from '../stack/places.ts';
import type { Secrets } from '../stack/secrets.ts';
import { originEnv } from '../stack/settings.ts';
import type { Stack } from '../stack/stack.ts';
import type { Buyer } from './buyer.ts';

/** What the commands find wrong; empty where nothing is. */
export async function findingsOf(
  stack: Stack,
  order: { secrets: Secrets; activityId: string; buyers: readonly Buyer[]; dir: string },
): Promise<string[]> {
  const { secrets, activityId, buyers, dir } = order;
  const { hostname, port } = new URL(stack.origin);
  const env = {
    ...originEnv({ secrets, redis: stack.redis, database: stack.database }),
    ORIGIN_HOST: hostname,
    ORIGIN_PORT: port,
  };
  const cli = async (...args: readonly string[]): Promise<string[]> => {
    try {
      await run(process.execPath, [join(ROOT, 'origin/cli/cli.ts'), ...args], env);
      return [];
    } catch (error) {
      return [`cli ${args[0]}: ${error instanceof Error ? error.message : error}`];
    }
  };
  const file = join(dir, 'sale.json');
  const held = buyers.flatMap((buyer) => [...buyer.held.values()]);
  const heads = new Set(held.flatMap(({ ledgerHead }) => ledgerHead ?? []));
  const flags = [...heads].flatMap((head) => ['--head', head]);
  return [
    ...(await cli('reconcile', activityId)),
    ...(await cli('receipt', activityId, '--out', file)),
    ...(await cli('receipt', 'verify', file, ...flags)),
  ];
}
