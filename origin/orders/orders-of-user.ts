// The orders that a refusal for the limit names. The newest may be on its way to the database, so a
// list that is empty is asked for again, for a moment.
import { setTimeout as pause } from 'node:timers/promises';
import type { Store } from '../store/store.ts';

const TRIES = 5;
const PAUSE_MS = 100;

/** Empty when the database is away: the refusal stands without them. */
export async function ordersOfUser(
  store: Pick<Store, 'ordersOfUser'>,
  of: { readonly activityId: string; readonly userId: string },
): Promise<readonly string[]> {
  for (let attempt = 1; ; attempt += 1) {
    const orders = await store.ordersOfUser(of).catch((): string[] => []);
    if (orders.length > 0 || attempt >= TRIES) return orders;
    await pause(PAUSE_MS);
  }
}
