import { expect, onTestFinished, test } from 'vitest';
import { createCalls } from '../../bridge/calls.ts';
import { createScripts } from '../../bridge/scripts.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { startOwnRedis } from '../redis/own-redis.ts';

test('calls over the limit are refused at once while Redis is silent, and served again after', async () => {
  const server = await startOwnRedis();
  onTestFinished(() => server.stop());
  const { host, port } = server;
  const redis = connectRedis({ host, port, name: 'calls-test', commandTimeoutMs: 5_000 });
  onTestFinished(() => redis.disconnect());
  await untilReady(redis, 5_000);
  const calls = createCalls(redis, createScripts(1), 2);
  const ping = { name: 'PING', args: [] };

  server.kill('SIGSTOP');
  const waiting = [calls.run(ping), calls.run(ping)];
  const busy = { kind: 'away', message: 'ERR too many calls wait for Redis' };
  expect(await calls.run(ping)).toEqual(busy);
  expect(await calls.runTransaction([ping])).toEqual(busy);

  server.kill('SIGCONT');
  const pong = { kind: 'reply', reply: Buffer.from('PONG') };
  expect(await Promise.all(waiting)).toEqual([pong, pong]);
  expect(await calls.run(ping)).toEqual(pong);
});
