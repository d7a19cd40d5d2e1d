import { afterAll, beforeAll, expect, test } from 'vitest';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { type OwnRedis, startOwnRedis } from './own-redis.ts';

let server: OwnRedis;

beforeAll(async () => {
  server = await startOwnRedis();
});
afterAll(() => server.stop());

function connect(commandTimeoutMs: number) {
  const { host, port } = server;
  return connectRedis({ host, port, name: 'connection-test', commandTimeoutMs });
}

test('a call before the connection is ready is rejected, not queued', async () => {
  const redis = connect(1_000);
  await expect(redis.ping()).rejects.toThrow("Stream isn't writeable");
  await untilReady(redis, 5_000);
  expect(await redis.ping()).toBe('PONG');
  expect(await redis.client('GETNAME')).toBe('connection-test');
  redis.disconnect();
});

test('replies have their RESP2 shapes', async () => {
  const redis = connect(1_000);
  await untilReady(redis, 5_000);
  await redis.zadd('resp2-shapes', 1.5, 'a');
  expect(await redis.zrange('resp2-shapes', '0', '-1', 'WITHSCORES')).toEqual(['a', '1.5']);
  redis.disconnect();
});

test('waiting for a Redis that is not there ends at the deadline', async () => {
  const redis = connectRedis({ host: '127.0.0.1', port: 1, name: 'none', commandTimeoutMs: 100 });
  await expect(untilReady(redis, 50)).rejects.toThrow('not ready within 50 ms');
  redis.disconnect();
});

test('a call that a silent Redis leaves open is rejected in time, and is not sent again', async () => {
  const redis = connect(200);
  await untilReady(redis, 5_000);
  server.kill('SIGSTOP');
  await expect(redis.incr('silent')).rejects.toThrow('Command timed out');
  server.kill('SIGCONT');
  await expect.poll(() => redis.get('silent').catch(() => 'away')).toBe('1');
  redis.disconnect();
});

test('a silent connection is given up and replaced', async () => {
  const errors: string[] = [];
  const { host, port } = server;
  const redis = connectRedis({
    host,
    port,
    name: 'replaced',
    commandTimeoutMs: 1_000,
    onError: (error) => errors.push(error.message),
  });
  await untilReady(redis, 5_000);
  const before = await redis.client('ID');
  server.kill('SIGSTOP');
  await expect(redis.ping()).rejects.toThrow('Command timed out');
  await expect.poll(() => errors.join(), { timeout: 20_000 }).toContain('Socket timeout');
  server.kill('SIGCONT');
  // The error is heard a moment before the connection counts as closed.
  await expect.poll(() => redis.client('ID').catch(() => before)).not.toBe(before);
  redis.disconnect();
});

test('calls in flight when Redis dies are rejected at once and never sent again', async () => {
  const redis = connect(30_000);
  await untilReady(redis, 5_000);
  server.kill('SIGSTOP');
  const calls = [redis.incr('dying'), redis.incr('dying')];
  const outcomes = Promise.allSettled(calls);
  server.kill('SIGKILL');
  const started = performance.now();
  expect((await outcomes).map((outcome) => outcome.status)).toEqual(['rejected', 'rejected']);
  // Long before their own deadline.
  expect(performance.now() - started).toBeLessThan(10_000);
  await server.restart();
  await untilReady(redis, 5_000);
  expect(await redis.get('dying')).toBeNull();
  redis.disconnect();
});
