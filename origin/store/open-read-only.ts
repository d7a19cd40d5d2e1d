// The SQLite file for everybody but its owner: reads what is committed, changes nothing.
import { existsSync } from 'node:fs';
import { setPragmas } from './open-sqlite.ts';
import { sqliteOrm } from './orm.ts';
import { storeOver } from './over-orm.ts';
import type { Store } from './store.ts';

const READS = [
  'ping',
  'close',
  'findActivity',
  'activityHistory',
  'liveActivities',
  'findOrder',
  'ordersOfUser',
  'paymentsOfOrders',
  'ordersPage',
  'userCountsPage',
  'unitsInDeadLetters',
  'ledgerPages',
  'deadLettersPage',
  'findDeadLetter',
  'findDraw',
  'drawPages',
  'settingHistory',
  'summary',
] as const satisfies readonly (keyof Store)[];

export type ReadStore = Pick<Store, (typeof READS)[number]>;

export async function openReadOnly(file: string): Promise<ReadStore> {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const orm = sqliteOrm(file);
  await setPragmas(orm.em, ['query_only = on', 'busy_timeout = 5000']);
  return pick(storeOver(orm), READS);
}

function pick<Name extends keyof Store>(store: Store, names: readonly Name[]): Pick<Store, Name> {
  return Object.fromEntries(names.map((name) => [name, store[name]])) as Pick<Store, Name>;
}
