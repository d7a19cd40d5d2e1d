// What an origin that cannot keep its promises says instead of starting.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, it, onTestFinished } from 'vitest';
import { type RedisOptions, startRedis } from '../../../deploy/local/services/redis.ts';
import { freshEnvironment, refusedStart } from './origin-process.ts';

async function redisWith(
  settings: Omit<RedisOptions, 'dir'>,
): Promise<{ host: string; port: number }> {
  mkdirSync(inject('scratchDir'), { recursive: true });
  const dir = mkdtempSync(join(inject('scratchDir'), 'unfit-'));
  const service = await startRedis({ dir, ...settings });
  onTestFinished(async () => {
    await service.stop();
    rmSync(dir, { recursive: true, force: true });
  });
  return service;
}

it.each<[string, Omit<RedisOptions, 'dir'>, string]>([
  [
    'evicts',
    { args: ['--maxmemory-policy', 'allkeys-lru'] },
    'Redis: maxmemory-policy is allkeys-lru, it must be noeviction',
  ],
  ['has no bound', { maxmemory: '0' }, 'Redis: maxmemory is not set'],
])('refuses a Redis that %s', async (_what, settings, message) => {
  const environment = await freshEnvironment(await redisWith(settings));
  const { code, output } = await refusedStart(environment);
  expect(code).toBe(1);
  expect(output).toBe(`The origin cannot start:\n${message}\n`);
});

it('refuses a Redis without a log of its writes outside of tests', async () => {
  const redis = await redisWith({ args: ['--appendonly', 'no'] });
  const environment = await freshEnvironment(redis);
  const { code, output } = await refusedStart({ ...environment, PROFILE: 'local' });
  expect(code).toBe(1);
  expect(output).toContain('Redis: appendonly is off, it must be on');
});

it('lists everything that is wrong with its environment at once', async () => {
  const { code, output } = await refusedStart({
    PROFILE: 'production',
    STACK: 'embedded',
    ORIGIN_PORT: '99999',
    ALLOW_UNSIGNED: 'perhaps',
    EDGE_SIGNATURE_KEYS: 'short',
    RECEIPT_SECRET: 'short',
  });
  expect(code).toBe(1);
  expect(output).toMatch(/^The environment cannot be used:\n/);
  for (const name of [
    'STACK',
    'MYSQL_PASSWORD',
    'JWT_SECRET',
    'ORIGIN_PORT',
    'ALLOW_UNSIGNED',
    'EDGE_SIGNATURE_KEYS',
    'RECEIPT_SECRET',
    'USER_KEY_SECRET',
  ]) {
    expect(output).toMatch(new RegExp(`^ {2}${name} `, 'm'));
  }
  expect(output).not.toMatch(/\.ts|node:/);
});
