// What may stand in a call's way: changes of the activity, and the word that answers them.
import fc from 'fast-check';
import { batchesOf } from '../origin/orders/known-order.ts';
import { inventoryKeys } from '../shared/keys.ts';
import type { OrderIdParts } from '../shared/order-id.ts';
import type { Sale } from './money-model.ts';
import { RATHER_LONG_MS } from './real-redis.ts';

export const gate = fc.constantFrom(
  ...(['open', 'open', 'open', 'open', 'open', 'open', 'open', 'fence', 'stale'] as const),
  ...(['behind', 'other', 'gone', 'stock-missing', 'sold-missing', 'seq-missing'] as const),
  ...(['paused', 'not-open', 'ended', 'busy', 'status-missing'] as const),
  ...(['facts-missing', 'facts-strange'] as const),
);
export type Gate = typeof gate extends fc.Arbitrary<infer Value> ? Value : never;
/** Of every script. */
export const GATE_WORDS: Partial<Record<Gate, string>> = {
  fence: 'fenced closed',
  stale: 'fenced stale',
  behind: 'fenced behind',
  other: 'not_loaded',
  gone: 'not_loaded missing',
  'stock-missing': 'not_loaded missing',
  'sold-missing': 'not_loaded missing',
  'seq-missing': 'not_loaded missing',
};
/** Of what changes an order, where half of it is gone: a status may run out before its sale does. */
export const HALF_WORDS: Partial<Record<Gate, string>> = {
  'status-missing': 'unknown',
  'facts-missing': 'unknown',
  'facts-strange': 'unknown',
};
/** Of `reserve` only. */
export const WINDOW_WORDS: Partial<Record<Gate, string>> = {
  paused: 'paused',
  'not-open': 'not_open',
  ended: 'ended',
  busy: 'busy',
};

/** What is shut: `ulid` is the order that the call changes, if it changes one. */
export interface Shut {
  readonly gate: Gate;
  readonly now: number;
  readonly ulid: string | undefined;
}

/** Changes activity or order as the gate says; resolves to what changes it back. */
export async function shut(
  { redis, skuId }: Sale,
  { gate, now, ulid }: Shut,
): Promise<() => Promise<unknown>> {
  const key = inventoryKeys.activity(skuId);
  const set = async (field: string, value: string | number) => {
    const before = await redis.hget(key, field);
    await redis.hset(key, field, value);
    return () => (before === null ? redis.hdel(key, field) : redis.hset(key, field, before));
  };
  const hide = async (hidden: string) => {
    if ((await redis.exists(hidden)) === 0) return () => Promise.resolve();
    await redis.rename(hidden, `${hidden}:aside`);
    return () => redis.rename(`${hidden}:aside`, hidden);
  };
  switch (gate) {
    case 'fence':
      return await set('fence', '1 2 run closed');
    case 'paused':
      return await set('paused', '1');
    case 'not-open':
      return await set('startAt', now + RATHER_LONG_MS);
    case 'ended':
      return await set('endAt', now);
    case 'gone':
      return await hide(key);
    case 'stock-missing':
      return await hide(inventoryKeys.stock(skuId));
    case 'sold-missing':
      return await hide(inventoryKeys.sold(skuId));
    case 'seq-missing':
      return await hide(inventoryKeys.sequence(skuId));
    case 'status-missing':
      if (ulid !== undefined) return await hide(inventoryKeys.orderStatus({ skuId, ulid }));
      break;
    case 'facts-missing':
      if (ulid !== undefined) return await writeFacts(redis, { skuId, ulid }, undefined);
      break;
    case 'facts-strange':
      // As an earlier version wrote it: user, quantity, number.
      if (ulid !== undefined) return await writeFacts(redis, { skuId, ulid }, 'ann 1 1');
      break;
    default:
  }
  return () => Promise.resolve();
}

/** Has the order's line tell something else, or takes it out of its batch. */
async function writeFacts(redis: Sale['redis'], parts: OrderIdParts, facts: string | undefined) {
  const [batch] = await batchesOf(redis, parts.skuId, [parts.ulid]);
  if (batch === undefined) return () => Promise.resolve();
  const key = inventoryKeys.orders(parts.skuId);
  const text = (await redis.hget(key, batch)) ?? '';
  const lines = text.split('\n').flatMap((line) => {
    if (!line.startsWith(`${parts.ulid} `)) return [line];
    return facts === undefined ? [] : [`${parts.ulid} ${facts}`];
  });
  await redis.hset(key, batch, lines.join('\n'));
  return () => redis.hset(key, batch, text);
}
