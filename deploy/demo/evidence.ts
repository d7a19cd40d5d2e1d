// What is true after the sale, read from where it is kept and past all of our own code: the rows in
// the database and the numbers in Redis.
import { DatabaseSync } from 'node:sqlite';
import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import * as v from 'valibot';
import { withDatabase } from '../local/services/database.ts';
import type { Address } from '../local/services/requests.ts';
import type { Database } from '../stack/settings.ts';

const rowSchema = v.object({
  order_id: v.string(),
  user_id: v.string(),
  quantity: v.pipe(v.unknown(), v.transform(Number), v.number()),
  status: v.picklist(['PENDING', 'PAID', 'CANCELLED']),
  epoch: v.pipe(v.unknown(), v.transform(Number), v.number()),
  seq: v.pipe(v.unknown(), v.transform(Number), v.number()),
  /** Of CANCELLED. */
  reason: v.optional(v.nullable(v.string())),
});

export type OrderRow = v.InferOutput<typeof rowSchema>;

export interface Evidence {
  readonly rows: readonly OrderRow[];
  /** Units left and units sold, as Redis has them. */
  readonly redis: { readonly stock: number; readonly sold: number };
}

const POLL_MS = 100;
const ULID = /^[0-9A-Z]{26}$/;

export async function readRows(database: Database, activityId: string): Promise<OrderRow[]> {
  if (!ULID.test(activityId)) throw new Error(`${activityId} is no activity id`);
  const sql = `select order_id, user_id, quantity, status, epoch, seq, reason
    from orders where activity_id = '${activityId}'`;
  return v.parse(v.array(rowSchema), await select(database, sql));
}

async function select(database: Database, sql: string): Promise<unknown> {
  if (database.kind === 'mysql') {
    return withDatabase(database.places.mysql, (execute) => execute(sql));
  }
  const sqlite = new DatabaseSync(database.file, { readOnly: true, timeout: 5_000 });
  try {
    return sqlite.prepare(sql).all();
  } finally {
    sqlite.close();
  }
}

/** Waits until every one of these orders has a row; gives up quietly, for the rows then tell. */
export async function untilRecorded(order: {
  database: Database;
  activityId: string;
  orderIds: ReadonlySet<string>;
  withinMs: number;
}): Promise<OrderRow[]> {
  const deadline = Date.now() + order.withinMs;
  for (;;) {
    const rows = await readRows(order.database, order.activityId);
    const found = new Set(rows.map((row) => row.order_id));
    const areAllThere = [...order.orderIds].every((orderId) => found.has(orderId));
    if (areAllThere || Date.now() > deadline) return rows;
    await pause(POLL_MS);
  }
}

export async function readUnits(redis: Address, skuId: string): Promise<Evidence['redis']> {
  const client = new Redis({ ...redis, protocol: 2, maxRetriesPerRequest: 2 });
  try {
    const [stock, sold] = await client.mget(`stock:sku_{${skuId}}`, `sold:sku_{${skuId}}`);
    return { stock: Number(stock ?? Number.NaN), sold: Number(sold ?? Number.NaN) };
  } finally {
    client.disconnect();
  }
}
