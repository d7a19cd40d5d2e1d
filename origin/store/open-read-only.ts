// The SQLite file for everybody but its owner: reads what is committed, changes nothing.
import { existsSync } from 'node:fs';
import { setPragmas } from './open-sqlite.ts';
import { sqliteOrm } from './orm.ts';
import { storeOver } from './over-orm.ts';
import type { Store } from './store.ts';

export type ReadStore = Pick<
  Store,
  | 'ping'
  | 'close'
  | 'findActivity'
  | 'liveActivities'
  | 'findOrder'
  | 'ordersOfUser'
  | 'paymentsOfOrders'
  | 'ordersPage'
  | 'userCountsPage'
  | 'unitsInDeadLetters'
  | 'ledgerPages'
  | 'summary'
>;

export async function openReadOnly(file: string): Promise<ReadStore> {
  if (!existsSync(file)) throw new Error(`${file} does not exist`);
  const orm = sqliteOrm(file);
  await setPragmas(orm.em, ['query_only = on', 'busy_timeout = 5000']);
  const { ping, close, findActivity, liveActivities, findOrder, ...rest } = storeOver(orm);
  const { ordersOfUser, ordersPage, userCountsPage, unitsInDeadLetters } = rest;
  const { ledgerPages, summary, paymentsOfOrders } = rest;
  return {
    ...{ ping, close, findActivity, liveActivities, findOrder, paymentsOfOrders },
    ...{ ordersOfUser, ordersPage, userCountsPage, unitsInDeadLetters, ledgerPages, summary },
  };
}
