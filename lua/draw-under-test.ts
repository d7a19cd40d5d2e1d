// A line with a draw in the run's Redis. TIME cannot be set, so the start is moved instead.
import { createHash, randomBytes } from 'node:crypto';
import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { firstChain } from '../shared/draw.ts';
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { admit, type Knock, type LineTerms, setClock } from './line-under-test.ts';
import { newSku, RATHER_LONG_MS, redisNow } from './real-redis.ts';

const openScript = luaScript('open-draw');
const restoreScript = luaScript('restore-entries');
const closeScript = luaScript('close-draw');

export const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');
export const leafOf = (user: string): string =>
  createHash('sha256').update(user).digest('hex').slice(0, 32);

export interface DrawLine {
  readonly skuId: string;
  readonly activityId: string;
  readonly terms: LineTerms;
  readonly seed: string;
}

export const newDrawLine = (terms: LineTerms, skuId = newSku()): DrawLine => ({
  skuId,
  activityId: mintUlid(Date.now()),
  terms,
  seed: randomBytes(32).toString('hex'),
});

/** The line before its start, with the draw as new, or with entries that are there already. */
export async function putDraw(
  redis: Redis,
  line: DrawLine,
  known: { readonly entries: number; readonly chain: string } | undefined = undefined,
): Promise<unknown> {
  const { skuId, activityId, seed } = line;
  const now = await redisNow(redis);
  const { entries = 0, chain = await firstChain(sha1, activityId) } = known ?? {};
  const facts = [now - 1_000, seed, '', entries, chain, now + RATHER_LONG_MS];
  const keys = [edgeKeys.draw(skuId), edgeKeys.drawEntries(skuId)];
  return openScript.run(redis, keys, [activityId, ...facts]);
}

export const beforeStart = (redis: Redis, line: DrawLine) =>
  setClock(redis, line, { startsInMs: RATHER_LONG_MS });

/** Moves the start into the past; virtual time stands at zero still. */
export async function start(redis: Redis, { skuId }: DrawLine): Promise<void> {
  const now = await redisNow(redis);
  const stands = { startAt: now - 1, realAt: now - 1, virtualAt: 0, virtualUntil: 0 };
  await redis.hset(edgeKeys.lineClock(skuId), stands);
}

export const enterDraw = (
  redis: Redis,
  line: DrawLine,
  userKey: string,
  knock: Partial<Knock> = {},
): Promise<unknown[]> =>
  admit(redis, line, {
    ...{ userKey, freshUlid: mintUlid(Date.now()), leaf: leafOf(userKey) },
    ...knock,
  });

export function closeDraw(redis: Redis, { skuId, activityId }: DrawLine): Promise<unknown> {
  const { lineClock, draw, tokenBucket, tokenBucketLast } = edgeKeys;
  const keys = [lineClock, draw, tokenBucket, tokenBucketLast].map((key) => key(skuId));
  return closeScript.run(redis, keys, [activityId]);
}

export async function restoreEntries(
  redis: Redis,
  { skuId, activityId }: DrawLine,
  { first, leaves }: { readonly first: number; readonly leaves: readonly string[] },
): Promise<unknown> {
  const keys = [edgeKeys.draw(skuId), edgeKeys.drawEntries(skuId)];
  const lifetime = (await redisNow(redis)) + RATHER_LONG_MS;
  return restoreScript.run(redis, keys, [activityId, first, lifetime, leaves.join('')]);
}
