// A line on a clock that hardly moves, for benches of what it costs to stand in it.
import { randomBytes } from 'node:crypto';
import type { Redis } from '../../origin/redis/client.ts';
import { luaScript } from '../../origin/redis/lua.ts';
import { DEVICE_GROUP_LENGTH, edgeKeys } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';

export interface Line {
  /** So many people come for the first time, each with a device of their own. */
  join(people: number): Promise<void>;
}

const AT_ONCE = 500;
const DEVICE_ID_BYTES = 9;
const USER_ID_BYTES = 18;
const USER_TAG_LENGTH = 8;
const PLACES_PER_DEVICE = 3;
const HOUR_MS = 3_600_000;
const TERMS = { rate: 1_000, capacity: 1, windowMs: 30_000, queueLimit: 10_000_000 };
const admit = luaScript('admit');
const setClock = luaScript('set-clock');

export async function openLine(redis: Redis, skuId: string): Promise<Line> {
  const activityId = mintUlid(Date.now());
  const keys = [
    edgeKeys.lineClock(skuId),
    edgeKeys.tokenBucket(skuId),
    edgeKeys.tokenBucketLast(skuId),
    edgeKeys.tokenBucketRemainder(skuId),
  ];
  const { rate, capacity, windowMs, queueLimit } = TERMS;
  const now = Date.now();
  await setClock.run(
    redis,
    [...keys, edgeKeys.came(skuId), edgeKeys.callLog(skuId)],
    [
      ...[activityId, 1, 1, 1, rate, capacity, windowMs, now - 1_000, now + HOUR_MS, queueLimit],
      ...[0, 0, now + 2 * HOUR_MS, '', 0, 'free'],
    ],
  );

  async function come(): Promise<void> {
    const userKey = randomBytes(USER_ID_BYTES).toString('hex');
    const deviceId = randomBytes(DEVICE_ID_BYTES).toString('base64url');
    const device = [
      ...[deviceId.slice(DEVICE_GROUP_LENGTH), userKey.slice(0, USER_TAG_LENGTH)],
      PLACES_PER_DEVICE,
    ];
    const reply = await admit.run(
      redis,
      [
        ...[...keys, edgeKeys.entryBucket(skuId), edgeKeys.place(skuId, userKey)],
        ...[edgeKeys.devicePlaces(skuId, deviceId), edgeKeys.came(skuId)],
        ...[edgeKeys.draw(skuId), edgeKeys.drawEntries(skuId)],
      ],
      [activityId, mintUlid(Date.now()), '', '', '', '', '', ...device, '1', ''],
    );
    const word = Array.isArray(reply) ? reply[0] : reply;
    if (word !== 'wait' && word !== 'enter') throw new Error(`at the line: ${word}`);
  }
  return {
    async join(people) {
      for (let left = people; left > 0; left -= AT_ONCE) {
        await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, come));
      }
    },
  };
}
