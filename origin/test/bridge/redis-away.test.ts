// While Redis is away the answer is fast and honest, and service resumes by itself.
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, startBridge } from './bridge.ts';

const TIMEOUT_MS = 300;
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
  await expect.poll(health, { timeout: 5_000 }).toBe(503);
  const started = performance.now();
  for (const { status, headers, body } of await callAll()) {
    expect(status).toBe(503);
    expect(headers.get('retry-after')).toBe('1');
    expect(body).toEqual({ error: 'ERR Redis is away; nothing was sent' });
  }
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS);
  await bridge.redis.restart();
  await expect.poll(health, { timeout: 5_000 }).toBe(200);
  for (const { status } of await callAll()) expect(status).toBe(200);
});

test('a Redis that falls silent makes calls 503 in time, and nothing is sent twice', async () => {
  const key = randomUUID();
  bridge.redis.kill('SIGSTOP');
  const started = performance.now();
  const answer = await bridge.call(`/incr/${key}`);
  expect(answer.status).toBe(503);
  expect(answer.body).toEqual({ error: expect.stringContaining('outcome is unknown') });
  expect(performance.now() - started).toBeLessThan(TIMEOUT_MS * 3);
  bridge.redis.kill('SIGCONT');
  await expect.poll(health, { timeout: 5_000 }).toBe(200);
  await expect.poll(() => bridge.client.get(key), { timeout: 5_000 }).toBe(1);
});

test('a transaction cut off by a dying Redis is 503', async () => {
  bridge.redis.kill('SIGSTOP');
  const cut = bridge.call('/multi-exec', { body: '[["PING"],["PING"]]' });
  bridge.redis.kill('SIGKILL');
  expect((await cut).status).toBe(503);
  await bridge.redis.restart();
  await expect.poll(health, { timeout: 5_000 }).toBe(200);
});
