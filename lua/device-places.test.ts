// What `admit` does where a device may hold only so many places.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { admit, setClock } from './line-under-test.ts';
import { newSku, openRedis } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const terms = { rate: 1_000, capacity: 100, windowMs: 30_000, queueLimit: 1_000 };
let line: { skuId: string; activityId: string };
beforeEach(async () => {
  line = { skuId: newSku(), activityId: 'activity' };
  await setClock(redis, { ...line, terms });
});

const knock = (userKey: string, places?: number, ticketUlid?: string) =>
  admit(redis, line, {
    userKey,
    freshUlid: mintUlid(Date.now()),
    ...(places === undefined ? {} : { room: { deviceId: 'device', places } }),
    ...(ticketUlid === undefined
      ? {}
      : { ticket: { ulid: ticketUlid, turn: 0, until: Number.MAX_SAFE_INTEGER } }),
  });

const places = () => edgeKeys.devicePlaces(line.skuId, 'device');

it('the users of one device get so many places, and no more', async () => {
  expect((await knock('a', 2))[0]).toBe('enter');
  expect((await knock('b', 2))[0]).toBe('enter');
  const before = await redis.get(edgeKeys.tokenBucket(line.skuId));
  expect(await knock('c', 2)).toEqual(['device_full']);
  expect(await redis.get(edgeKeys.tokenBucket(line.skuId))).toBe(before);
  expect(await redis.exists(edgeKeys.place(line.skuId, 'c'))).toBe(0);
  expect(await redis.hgetall(places())).toEqual({ vice: 'a b' });
  expect(await redis.pttl(places())).toBeGreaterThan(0);
});

it('who has a place keeps it, however full the device is', async () => {
  await knock('a', 1);
  expect((await knock('a', 1))[0]).toBe('confirming');
  expect((await knock('b', 1))[0]).toBe('device_full');
});

it('a place that the ticket proves is not counted anew', async () => {
  await knock('a', 1);
  expect((await knock('b', 1, mintUlid(Date.now())))[0]).toBe('enter');
});

it('without a limit no device is counted', async () => {
  await knock('a');
  expect((await knock('b'))[0]).toBe('enter');
  expect(await redis.exists(places())).toBe(0);
});

it('a full line takes no place of the device', async () => {
  await setClock(redis, { ...line, terms: { ...terms, queueLimit: 0 } }, { term: 2 });
  await redis.set(edgeKeys.tokenBucket(line.skuId), '-5000');
  expect(await knock('a', 1)).toEqual(['line_full']);
  expect(await redis.exists(places())).toBe(0);
});
