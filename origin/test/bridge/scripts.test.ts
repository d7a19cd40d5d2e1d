// Scripts through the bridge: by hash, by source, with the flag that only Upstash knows.
import { randomUUID } from 'node:crypto';
import { Ratelimit } from '@upstash/ratelimit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, startBridge } from './bridge.ts';

/** Windows begin at whole multiples: in one of seconds, every hundredth run would meet the next. */
const WINDOW = '100 d';

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge();
});
afterAll(() => bridge.stop());

/** A script that no server has seen. */
const fresh = (body: string) => `#!lua flags=allow-key-locking\n-- ${randomUUID()}\n${body}`;

test('a script takes keys and arguments and answers any shape', async () => {
  const source = 'return {KEYS[1], tonumber(ARGV[1]), {ARGV[2], false}, redis.status_reply("OK")}';
  expect(await bridge.client.eval(source, ['k'], [7, 'é'])).toEqual(['k', 7, ['é', null], 'OK']);
});

test('a script by hash falls back to its source, then is known', async () => {
  const source = fresh('return redis.call("INCRBY", KEYS[1], ARGV[1])');
  const script = bridge.client.createScript<number>(source);
  const key = randomUUID();
  expect(await script.exec([key], ['2'])).toBe(2);
  expect(await script.evalsha([key], ['3'])).toBe(5);
});

test('an unknown hash answers NOSCRIPT, alone and in a pipeline', async () => {
  const hash = '0'.repeat(40);
  const alone = await bridge.call('/', { body: JSON.stringify(['EVALSHA', hash, 0]) });
  expect(alone.status).toBe(400);
  expect(alone.body).toEqual({ error: expect.stringMatching(/^NOSCRIPT /) });
  const many = await bridge.call('/pipeline', { body: JSON.stringify([['EVALSHA', hash, 0]]) });
  expect(many.body).toEqual([{ error: expect.stringMatching(/^NOSCRIPT /) }]);
});

test('SCRIPT LOAD gives the hash that the client computes itself, also in a transaction', async () => {
  const source = fresh('return 42');
  const hash = await bridge.client.scriptLoad(source);
  expect(await bridge.client.evalsha(hash, [], [])).toBe(42);
  expect(await bridge.client.scriptExists(hash, '0'.repeat(40))).toEqual([1, 0]);
  const inside = await bridge.client.multi().scriptLoad(source).evalsha(hash, [], []).exec();
  expect(inside).toEqual([hash, 42]);
});

test('the error of a script is an error, with its words', async () => {
  const refused = bridge.client.eval('return redis.error_reply("REFUSED why")', [], []);
  await expect(refused).rejects.toThrow('REFUSED why');
});

test('the sliding window lets ten through and refuses the eleventh', async () => {
  const ratelimit = new Ratelimit({
    redis: bridge.client,
    limiter: Ratelimit.slidingWindow(10, WINDOW),
    prefix: `limit:${randomUUID()}`,
    ephemeralCache: false,
  });
  const answers = [];
  for (let request = 0; request < 11; request += 1) answers.push(await ratelimit.limit('{a}'));
  expect(answers.map(({ success }) => success)).toEqual([...Array(10).fill(true), false]);
  expect(answers.map(({ remaining }) => remaining)).toEqual([9, 8, 7, 6, 5, 4, 3, 2, 1, 0, 0]);
  expect((await ratelimit.limit('{b}')).success).toBe(true);
});

test('eleven at once are counted as well', async () => {
  const ratelimit = new Ratelimit({
    redis: bridge.client,
    limiter: Ratelimit.slidingWindow(10, WINDOW),
    prefix: `limit:${randomUUID()}`,
    ephemeralCache: false,
  });
  const requests = Array.from({ length: 11 }, () => ratelimit.limit('{a}'));
  const answers = await Promise.allSettled(requests);
  const passed = answers.filter((answer) => answer.status === 'fulfilled' && answer.value.success);
  expect(answers.every((answer) => answer.status === 'fulfilled')).toBe(true);
  expect(passed).toHaveLength(10);
});

test('fixed window and token bucket run too', async () => {
  for (const limiter of [Ratelimit.fixedWindow(2, WINDOW), Ratelimit.tokenBucket(1, WINDOW, 2)]) {
    const prefix = `limit:${randomUUID()}`;
    const ratelimit = new Ratelimit({
      redis: bridge.client,
      limiter,
      prefix,
      ephemeralCache: false,
    });
    const passed = [];
    for (let request = 0; request < 3; request += 1) {
      passed.push((await ratelimit.limit('{a}')).success);
    }
    expect(passed).toEqual([true, true, false]);
  }
});
