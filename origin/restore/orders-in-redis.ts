// What the orders of an activity are in Redis, and what happened to them behind their rows.
import { inventoryKeys } from '../../shared/keys.ts';
import { orderIdOf } from '../../shared/order-id.ts';
import type { OrderStatus } from '../../shared/words.ts';
import { parseStatus } from '../orders/known-order.ts';
import { isBatchField, ordersIn } from '../orders/order-batch.ts';
import type { PackedOrder } from '../orders/packed-order.ts';
import type { Redis } from '../redis/client.ts';
import { nodeOf } from '../redis/nodes.ts';
import type { OrderRow } from '../store/store.ts';
import { isBehind, type ServedActivity } from './facts.ts';

export interface HeldOrder {
  readonly orderId: string;
  readonly status: OrderStatus;
  readonly facts: PackedOrder;
}

const SCAN_COUNT = 32;

/** All orders of an activity that Redis knows, a page at a time; one may come twice. */
export async function* ordersInRedis(
  redis: Redis,
  { skuId }: Pick<ServedActivity, 'skuId'>,
): AsyncGenerator<readonly HeldOrder[]> {
  const key = inventoryKeys.orders(skuId);
  const node = nodeOf(redis, key);
  if (node === undefined) throw new Error('nobody is known to hold the orders');
  let cursor = '0';
  do {
    const [next, pairs] = await node.hscan(key, cursor, 'COUNT', SCAN_COUNT);
    cursor = next;
    const orders = pairs.flatMap((field, index) =>
      index % 2 === 0 && isBatchField(field)
        ? [...ordersIn(pairs[index + 1] ?? '')].map(([ulid, facts]) => ({ ulid, facts }))
        : [],
    );
    if (orders.length === 0) continue;
    const keys = orders.map(({ ulid }) => inventoryKeys.orderStatus({ skuId, ulid }));
    const statuses = await node.mget(keys);
    yield orders.flatMap(({ ulid, facts }, index) => {
      const status = parseStatus(statuses[index]);
      return status === undefined ? [] : [{ orderId: orderIdOf({ skuId, ulid }), status, facts }];
    });
  } while (cursor !== '0');
}

export type Step = 'reserved' | 'paid' | 'cancelled';

/** What happened to an order behind its row, as far as the two ends tell. */
export function stepsBetween(row: OrderRow | undefined, held: HeldOrder): readonly Step[] {
  // A row of a later reservation is newer than what Redis knows.
  if (row !== undefined && isBehind(row, held.facts)) return [];
  const isAnew = row?.status === 'CANCELLED' && isBehind(held.facts, row);
  if (row === undefined || isAnew) {
    if (held.status === 'CANCELLED') return row === undefined ? ['cancelled'] : [];
    return held.status === 'PAID' ? ['reserved', 'paid'] : ['reserved'];
  }
  if (row.status === 'PENDING' && held.status === 'PAID') return ['paid'];
  return row.status !== 'CANCELLED' && held.status === 'CANCELLED' ? ['cancelled'] : [];
}
