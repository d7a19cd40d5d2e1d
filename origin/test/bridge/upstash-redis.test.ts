// The bridge as @upstash/redis sees it, the client that the edge uses.
import { randomUUID } from 'node:crypto';
import { Redis as UpstashRedis } from '@upstash/redis';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Bridge, startBridge, TOKEN } from './bridge.ts';

let bridge: Bridge;
let client: UpstashRedis;

beforeAll(async () => {
  bridge = await startBridge();
  client = bridge.client;
});
afterAll(() => bridge.stop());

test.each([
  '',
  'OK',
  'PONG',
  'null',
  '"quoted"',
  'a\r\nb\u0000c',
  '✓ 👩‍👩‍👧‍👦 ﷽',
  '\u{10ffff}',
  '\ud800',
])('a text reads as it was written: %j', async (text) => {
  const raw = new UpstashRedis({
    url: bridge.url,
    token: TOKEN,
    automaticDeserialization: false,
  });
  const key = `text:${randomUUID()}:✓`;
  expect(await raw.set(key, text)).toBe('OK');
  // A lone surrogate has no UTF-8 form: JSON and fetch make it U+FFFD.
  expect(await raw.get(key)).toBe(text.toWellFormed());
});

test('values of JSON come back as values', async () => {
  const key = randomUUID();
  await client.set(key, { list: [1, 'two', null], nested: { deep: true } });
  expect(await client.get(key)).toEqual({ list: [1, 'two', null], nested: { deep: true } });
  expect(await client.get(randomUUID())).toBeNull();
});

test('options of SET arrive', async () => {
  const key = randomUUID();
  expect(await client.set(key, 'first', { nx: true, px: 60_000 })).toBe('OK');
  expect(await client.set(key, 'second', { nx: true })).toBeNull();
  expect(await client.pttl(key)).toBeGreaterThan(50_000);
});

test('hashes, counters, lifetimes and server calls read as their commands say', async () => {
  const key = randomUUID();
  expect(await client.hset(key, { OK: 'OK', two: 2 })).toBe(2);
  expect(await client.hgetall(key)).toEqual({ OK: 'OK', two: 2 });
  expect(await client.hmget(key, 'two', 'none')).toEqual({ two: 2, none: null });
  expect(await client.hgetall(randomUUID())).toBeNull();
  expect(await client.expire(key, 60)).toBe(1);
  expect(await client.exists(key, randomUUID())).toBe(1);
  expect(await client.incrby(`${key}:n`, 5)).toBe(5);
  expect(await client.mget(`${key}:n`, randomUUID())).toEqual([5, null]);
  expect(await client.ping()).toBe('PONG');
  expect(await client.time()).toHaveLength(2);
  await client.zadd(`${key}:z`, { score: 1.5, member: 'a' });
  expect(await client.zrange(`${key}:z`, 0, -1, { withScores: true })).toEqual(['a', 1.5]);
});

test('a pipeline answers in order, each error beside its command', async () => {
  const key = randomUUID();
  const pipeline = client.pipeline();
  pipeline.set(key, 'text');
  pipeline.incr(key);
  pipeline.get(key);
  const [set, incremented, got] = await pipeline.exec({ keepErrors: true });
  expect(set).toEqual({ result: 'OK', error: undefined });
  expect(incremented?.error).toMatch(/^ERR value is not an integer/);
  expect(got?.result).toBe('text');
});

test('a transaction runs all commands or, when one is malformed, none', async () => {
  const key = randomUUID();
  expect(await client.multi().set(key, 1).incr(key).get(key).exec()).toEqual(['OK', 2, 2]);
  const { status, body } = await bridge.call('/multi-exec', {
    body: JSON.stringify([['SET', key, 9], ['GET']]),
  });
  expect([status, body]).toEqual([400, { error: expect.stringMatching(/^EXECABORT/) }]);
  expect(await client.get(key)).toBe(2);
});

test('nothing comes between the commands of a transaction', async () => {
  const key = randomUUID();
  const transactions = Array.from({ length: 20 }, () =>
    client.multi().incr(key).incr(key).incr(key).exec<number[]>(),
  );
  const others = Array.from({ length: 20 }, () => bridge.call(`/incr/${key}`));
  for (const [first = 0, ...rest] of await Promise.all(transactions)) {
    expect(rest).toEqual([first + 1, first + 2]);
  }
  await Promise.all(others);
  expect(await client.get(key)).toBe(80);
});

test('bytes that are no text survive in both directions', async () => {
  const key = randomUUID();
  const bytes = Buffer.from(Array.from({ length: 256 }, (_, index) => index));
  expect((await bridge.call(`/set/${key}?EX=60`, { body: bytes })).body).toEqual({ result: 'OK' });
  const { body } = await bridge.call(`/get/${key}`, {
    method: 'GET',
    headers: { 'upstash-encoding': 'base64' },
  });
  expect(body).toEqual({ result: bytes.toString('base64') });
  expect(await client.ttl(key)).toBeGreaterThan(50);
});

test('a path-style call takes keys with slashes and parameters as words', async () => {
  const key = `${randomUUID()}/a b?c`;
  const path = encodeURIComponent(key);
  expect((await bridge.call(`/set/${path}/v%C3%A9?EX=60&NX`, { method: 'GET' })).status).toBe(200);
  expect((await bridge.call(`/set/${path}/other?NX`)).body).toEqual({ result: null });
  expect(await client.get(key)).toBe('vé');
});

test('the sync token is given back', async () => {
  const { headers } = await bridge.call('/ping', { headers: { 'upstash-sync-token': 'abc=,1' } });
  expect(headers.get('upstash-sync-token')).toBe('abc=,1');
});
