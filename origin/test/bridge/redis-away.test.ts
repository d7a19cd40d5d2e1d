// While Redis is away the answer is fast and honest, and service resumes by itself.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ownMsOf } from '../own-time.ts';
import { SOON } from '../reserve/shop-front.ts';
import { type Bridge, startBridge } from './bridge.ts';

/** Of one call to Redis: a busy machine takes less for one that Redis answers. */
const TIMEOUT_MS = 2_000;
const ALL_CALLS = [
  ['/', ['PING']],
  ['/pipeline', [['PING'], ['PING']]],
  ['/multi-exec', [['PING'], ['PING']]],
  ['/ping', undefined],
] as const;

let bridge: Bridge;

beforeAll(async () => {
  bridge = await startBridge(TIMEOUT_MS);
});
afterAll(() => bridge.stop());

async function callAll() {
  return await Promise.all(
    ALL_CALLS.map(([path, words]) => bridge.call(path, { body: JSON.stringify(words) ?? null })),
  );
}

const health = () => fetch(`${bridge.url}/health`).then((response) => response.status);

test('health needs no token', async () => {
  expect(await health()).toBe(200);
});

test('a Redis that is killed makes every call 503 at once, and comes back', async () => {
  bridge.redis.kill('SIGKILL');
  await expect.poll(health, SOON).toBe(503);
  const tookMs = await ownMsOf(async () => {
    for (const { status, headers, body } of await callAll()) {
      expect(status).toBe(503);
      expect(headers.get('retry-after')).toBe('1');
      expect(body).toEqual({ error: 'ERR Redis is away; nothing was sent' });
    }
  });
  expect(tookMs).toBeLessThan(TIMEOUT_MS);
  await bridge.redis.restart();
  await expect.poll(health, SOON).toBe(200);
  for (const { status } of await callAll()) expect(status).toBe(200);
});

test('a Redis that falls silent makes calls 503 in time, and nothing is sent twice', async () => {
  const key = randomUUID();
  bridge.redis.kill('SIGSTOP');
  const tookMs = await ownMsOf(async () => {
    const answer = await bridge.call(`/incr/${key}`);
    expect(answer.status).toBe(503);
    expect(answer.body).toEqual({ error: expect.stringContaining('outcome is unknown') });
  });
  expect(tookMs).toBeLessThan(TIMEOUT_MS * 2);
  bridge.redis.kill('SIGCONT');
  await expect.poll(health, SOON).toBe(200);
  await expect.poll(() => bridge.client.get(key), SOON).toBe(1);
});

test('a transaction cut off by a dying Redis is 503', async () => {
  bridge.redis.kill('SIGSTOP');
  const cut = bridge.call('/multi-exec', { body: '[["PING"],["PING"]]' });
  bridge.redis.kill('SIGKILL');
  expect((await cut).status).toBe(503);
  await bridge.redis.restart();
  await expect.poll(health, SOON).toBe(200);
});
