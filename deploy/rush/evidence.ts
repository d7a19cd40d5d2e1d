// What stands after a rush, read by plain SQL and GET, past all code of the gateway.
import * as v from 'valibot';
import { connectRedis, untilReady } from '../../origin/redis/connection.ts';
import { inventoryKeys } from '../../shared/keys.ts';
import { type Database, withDatabase } from '../local/services/database.ts';
import type { Evidence, Row } from './judge.ts';

const READY_WITHIN_MS = 5_000;
const COMMAND_TIMEOUT_MS = 10_000;
const KEYS_PER_SCAN = 5_000;

const number = v.pipe(v.union([v.number(), v.string(), v.bigint()]), v.transform(Number));
const rowsSchema = v.array(
  v.pipe(
    v.object({
      order_id: v.string(),
      user_id: v.string(),
      quantity: number,
      status: v.string(),
      seq: number,
    }),
    v.transform(
      ({ order_id: orderId, user_id: userId, ...row }): Row => ({
        ...{ orderId, userId },
        ...row,
      }),
    ),
  ),
);
const lettersSchema = v.tuple([v.object({ letters: number })]);
const appliedSchema = v.tuple([
  v.object({ alarm: v.nullable(v.string()), seq: number, epoch: number }),
]);

type Written = Pick<Evidence, 'rows' | 'deadLetters' | 'alarm'>;

export function readWritten(database: Database, activityId: string): Promise<Written> {
  return withDatabase(database, async (execute) => {
    const of = `where activity_id = '${activityId}'`;
    const rows = await execute(`select order_id, user_id, quantity, status, seq from orders ${of}`);
    const letters = await execute(`select count(*) as letters from dead_letter ${of}`);
    const applied = await execute(`select alarm, seq, epoch from applied ${of}`);
    return {
      rows: v.parse(rowsSchema, rows),
      deadLetters: v.parse(lettersSchema, letters)[0].letters,
      alarm: v.parse(appliedSchema, applied)[0].alarm,
    };
  });
}

/** The number of the last event that is in the database. */
export function readApplied(database: Database, activityId: string): Promise<number> {
  return withDatabase(database, async (execute) => {
    const applied = await execute(
      `select alarm, seq, epoch from applied where activity_id = '${activityId}'`,
    );
    return v.parse(appliedSchema, applied)[0].seq;
  });
}

export async function readRedis(
  place: { readonly host: string; readonly port: number },
  skuId: string,
): Promise<Evidence['redis']> {
  const redis = connectRedis({ ...place, name: 'evidence', commandTimeoutMs: COMMAND_TIMEOUT_MS });
  try {
    await untilReady(redis, READY_WITHIN_MS);
    const { stock, sold, sequence, outbox, userPurchase } = inventoryKeys;
    const numbers = await redis.mget(stock(skuId), sold(skuId), sequence(skuId));
    const [inStock = 0, inSold = 0, last = 0] = numbers.map(Number);
    const userCounts = new Map<string, number>();
    const prefix = userPurchase(skuId, '');
    let cursor = '0';
    do {
      const [next, keys] = await redis.scan(cursor, 'MATCH', `${prefix}*`, 'COUNT', KEYS_PER_SCAN);
      const counts = keys.length === 0 ? [] : await redis.mget(keys);
      for (const [index, key] of keys.entries()) {
        userCounts.set(key.slice(prefix.length), Number(counts[index]));
      }
      cursor = next;
    } while (cursor !== '0');
    const outboxEntries = await redis.xlen(outbox(skuId));
    return { stock: inStock, sold: inSold, sequence: last, outboxEntries, userCounts };
  } finally {
    redis.disconnect();
  }
}
