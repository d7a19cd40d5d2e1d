// An activity's stock in the run's Redis, loaded and reserved from as the origin does it.
import { stockKeys } from '../origin/inventory/stock-keys.ts';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { reserveCall } from '../origin/reserve/reserve-call.ts';
import { fullAnswers } from './full-answers.ts';
import { RATHER_LONG_MS, redisNow } from './real-redis.ts';

export interface Sale {
  readonly skuId: string;
  readonly activityId: string;
  readonly stock: number;
  readonly limit: number;
  readonly price: number;
}

export interface Purchase {
  readonly ulid: string;
  readonly user: string;
  readonly quantity: number;
  readonly traceparent?: string;
}

export const PAYMENT_WINDOW_MS = 60_000;
const loadScript = luaScript('load');
const reserveScript = luaScript('reserve');

export async function load(redis: Redis, sale: Sale, epoch = 1): Promise<unknown> {
  const now = await redisNow(redis);
  return loadScript.run(redis, stockKeys(sale.skuId), [
    sale.activityId,
    epoch,
    sale.stock,
    now - 1_000,
    now + RATHER_LONG_MS,
    sale.limit,
    sale.price,
    'USD',
    PAYMENT_WINDOW_MS,
    now + 2 * RATHER_LONG_MS,
  ]);
}

/** The last sequence and the answers, one per purchase. */
export async function reserve(
  redis: Redis,
  { skuId, activityId }: Pick<Sale, 'skuId' | 'activityId'>,
  purchases: readonly Purchase[],
  { epoch = 1, seen = 0, hasRoom = true } = {},
): Promise<{ sequence: number; answers: string[] }> {
  const wanted = purchases.map(({ user, ...rest }) => ({ userId: user, ...rest }));
  const terms = { skuId, activityId, epoch, seen, hasRoom };
  const { keys, args } = reserveCall(terms, wanted, (userId) => userId);
  const reply = await reserveScript.run(redis, keys, args);
  const [sequence, ...answers] = fullAnswers(reply, purchases);
  return { sequence: Number(sequence), answers };
}
