// A hundred thousand people in the line of a draw, each by one call: what they cost in Redis.
import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { connectRedis, untilReady } from '../origin/redis/connection.ts';
import { startOwnRedis } from '../origin/test/redis/own-redis.ts';
import { edgeKeys } from '../shared/keys.ts';
import { beforeStart, enterDraw, newDrawLine, putDraw, start } from './draw-under-test.ts';

const PEOPLE = 100_000;
const AT_ONCE = 500;
const MOST_BYTES = 240;

it('a person who waits takes at most 240 bytes, entry and place of the device included', async () => {
  const server = await startOwnRedis();
  const redis = connectRedis({ ...server, name: 'crowd', commandTimeoutMs: 60_000 });
  try {
    await untilReady(redis, 10_000);
    const terms = { rate: 1_000, capacity: 1_000, windowMs: 30_000, queueLimit: 1_000_000 };
    const line = newDrawLine(terms, 'sku_of_13_sig');
    await beforeStart(redis, line);
    await putDraw(redis, line);
    const users = Array.from({ length: PEOPLE }, () => randomUUID());
    const visit = async (user: string) => {
      const deviceId = Buffer.from(user.replaceAll('-', ''), 'hex').subarray(0, 9);
      const room = { deviceId: deviceId.toString('base64url'), places: 3, user: user.slice(0, 8) };
      return (await enterDraw(redis, line, user, { room }))[0];
    };
    const empty = await usedBytes(redis);
    const beganAt = performance.now();
    const words = await inTurns(users, visit);
    const tookMs = performance.now() - beganAt;
    const entered = ((await usedBytes(redis)) - empty) / PEOPLE;
    expect(words).toEqual(new Map([['entered_draw', PEOPLE]]));
    expect(await redis.llen(edgeKeys.drawEntries(line.skuId))).toBe(PEOPLE);
    expect(await redis.hget(edgeKeys.draw(line.skuId), 'count')).toBe(String(PEOPLE));

    await start(redis, line);
    const after = await inTurns(users, visit);
    const waiting = ((await usedBytes(redis)) - empty) / PEOPLE;
    expect(after.get('wait')).toBe(PEOPLE - terms.capacity);
    process.stdout.write(
      `${PEOPLE} people: ${entered.toFixed(1)} B each as entries, ${waiting.toFixed(1)} B in the ` +
        `line; ${((1000 * tookMs) / PEOPLE).toFixed(0)} µs each to enter\n`,
    );
    expect(entered).toBeLessThanOrEqual(MOST_BYTES);
    expect(waiting).toBeLessThanOrEqual(MOST_BYTES);
  } finally {
    redis.disconnect();
    await server.stop();
  }
});

async function usedBytes(redis: { info(section: string): Promise<string> }): Promise<number> {
  return Number(/^used_memory:(\d+)/m.exec(await redis.info('memory'))?.[1]);
}

/** How often each word was answered. */
async function inTurns(
  users: readonly string[],
  visit: (user: string) => Promise<unknown>,
): Promise<Map<unknown, number>> {
  const words = new Map<unknown, number>();
  for (let at = 0; at < users.length; at += AT_ONCE) {
    for (const word of await Promise.all(users.slice(at, at + AT_ONCE).map(visit))) {
      words.set(word, (words.get(word) ?? 0) + 1);
    }
  }
  return words;
}
