// What is true after a run, read past all code of the gateway: rows, numbers in Redis, and the books
// of the payment gateway.
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import * as v from 'valibot';
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderRow, readRows } from '../demo/evidence.ts';
import type { Secrets } from '../stack/secrets.ts';
import type { Stack } from '../stack/stack.ts';

export interface Evidence {
  readonly rows: readonly OrderRow[];
  readonly redis: RedisNumbers;
  /** The most units that rows had sold at a moment, PENDING ones among them. */
  readonly mostSold: number;
  /** Payments by order that the gateway has taken and not given back. */
  readonly books: ReadonlyMap<string, number>;
}

export interface RedisNumbers {
  readonly stock: number;
  readonly sold: number;
  /** Orders that wait for their payment. */
  readonly pending: number;
  /** Batches of events that are not in the order log yet. */
  readonly outbox: number;
}

export interface Sale {
  readonly activityId: string;
  readonly skuId: string;
  readonly stock: number;
}

const LOOK_EVERY_MS = 400;
const WATCH_EVERY_MS = 1_000;
const SESSIONS_PER_CALL = 100;
const ANSWERS_WITHIN_MS = 5_000;
const sessionsSchema = v.object({
  sessions: v.array(v.object({ orderId: v.string(), payments: v.array(v.unknown()) })),
});

/**
 * Waits until nothing is under way: every order has its end, Redis and rows say the same, the outbox
 * is empty. Gives up at the deadline (`performance.now()`), for what is then there tells why.
 */
export async function settled(
  stack: Stack,
  sale: Sale,
  order: { secrets: Secrets; until: number },
): Promise<Omit<Evidence, 'mostSold'>> {
  for (;;) {
    const [rows, redis] = await Promise.all([
      readRows(stack.database, sale.activityId),
      readNumbers(stack, sale.skuId),
    ]);
    const books = await readBooks(stack, order.secrets, rows);
    const evidence = { rows, redis, books };
    if (isQuiet(evidence, sale) || performance.now() > order.until) return evidence;
    await pause(LOOK_EVERY_MS);
  }
}

/** Looks until the signal aborts; while the database is away there is nothing to see. */
export async function watchSold(
  { database }: Stack,
  { activityId }: Sale,
  signal: AbortSignal,
): Promise<number> {
  let most = 0;
  while (!signal.aborted) {
    const look = readRows(database, activityId).then(unitsOf, () => 0);
    most = Math.max(most, await look);
    await pause(WATCH_EVERY_MS);
  }
  return most;
}

function isQuiet({ rows, redis, books }: Omit<Evidence, 'mostSold'>, { stock }: Sale): boolean {
  const sold = unitsOf(rows);
  return (
    rows.every(({ status, reason }) => status !== 'PENDING' && reason !== 'REFUND_DUE') &&
    rows.every(
      ({ order_id, status }) => (books.get(order_id) ?? 0) === (status === 'PAID' ? 1 : 0),
    ) &&
    redis.sold === sold &&
    redis.stock === stock - sold &&
    redis.pending === 0 &&
    redis.outbox === 0
  );
}

export function unitsOf(rows: readonly OrderRow[]): number {
  const kept = rows.filter(({ status }) => status !== 'CANCELLED');
  return kept.reduce((sum, { quantity }) => sum + quantity, 0);
}

export async function readNumbers({ redis }: Stack, skuId: string): Promise<RedisNumbers> {
  const client = new Redis({ ...redis, protocol: 2, maxRetriesPerRequest: 2 });
  client.on('error', () => client.status);
  try {
    const { activity, stock, sold, outbox } = inventoryKeys;
    const [left, taken] = await client.mget(stock(skuId), sold(skuId));
    return {
      stock: Number(left ?? Number.NaN),
      sold: Number(taken ?? Number.NaN),
      pending: Number(await client.hget(activity(skuId), 'pending')),
      outbox: await client.xlen(outbox(skuId)),
    };
  } finally {
    client.disconnect();
  }
}

async function readBooks(
  { gateway }: Stack,
  { gateway: secret }: Secrets,
  rows: readonly OrderRow[],
) {
  const books = new Map<string, number>();
  for (let at = 0; at < rows.length; at += SESSIONS_PER_CALL) {
    const orderIds = rows.slice(at, at + SESSIONS_PER_CALL).map((row) => row.order_id);
    const answer = await fetch(`${gateway}/sessions/read`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${secret}` },
      body: JSON.stringify({ orderIds }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    const { sessions } = v.parse(sessionsSchema, await answer.json());
    for (const { orderId, payments } of sessions) books.set(orderId, payments.length);
  }
  return books;
}
