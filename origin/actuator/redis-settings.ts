// What the inventory Redis must be set to. A full Redis that evicts would forget sold units; one
// without a bound would be killed by its host with everything in it.
import { setTimeout as pause } from 'node:timers/promises';
import type { Redis } from '../redis/client.ts';
import { firstOf, nodesOf } from '../redis/nodes.ts';

const OTHERS_WITHIN_MS = 500;

export interface RedisDemands {
  /** When the append-only file must reach the disk; unset: whenever it does. */
  readonly appendfsync?: 'everysec' | 'always';
  readonly appendOnly: 'required' | 'optional';
}

/**
 * What is wrong with the settings of the servers that answer; empty when nothing is. Rejects when
 * none does. A server of a cluster that is silent keeps the others waiting for half a second.
 */
export async function demandRedisSettings(redis: Redis, demands: RedisDemands): Promise<string[]> {
  const found = new Set<string>();
  const asked = nodesOf(redis).map(async (node) => {
    for (const fault of await faultsOf(node, demands)) found.add(fault);
  });
  await firstOf(asked);
  const others = Promise.allSettled(asked);
  await Promise.race([others, pause(OTHERS_WITHIN_MS, undefined, { ref: false })]);
  return [...found];
}

async function faultsOf(
  redis: Redis,
  { appendOnly, appendfsync }: RedisDemands,
): Promise<string[]> {
  const settings = parseInfo(`${await redis.info('memory')}\n${await redis.info('persistence')}`);
  const policy = settings.get('maxmemory_policy');
  const faults: string[] = [];
  if (!(Number(settings.get('maxmemory')) > 0)) faults.push('Redis: maxmemory is not set');
  if (policy !== 'noeviction') {
    faults.push(`Redis: maxmemory-policy is ${policy ?? 'unknown'}, it must be noeviction`);
  }
  if (appendOnly === 'required' && settings.get('aof_enabled') !== '1') {
    faults.push('Redis: appendonly is off, it must be on');
  }
  if (appendfsync !== undefined) faults.push(...(await fsyncFaults(redis, appendfsync)));
  return faults;
}

async function fsyncFaults(redis: Redis, wanted: 'everysec' | 'always'): Promise<string[]> {
  const [, found = 'unknown'] = await redis.config('GET', 'appendfsync').then(
    (reply) => (Array.isArray(reply) ? reply.map(String) : []),
    (): string[] => [],
  );
  const isEnough = found === 'always' || (wanted === 'everysec' && found === 'everysec');
  return isEnough ? [] : [`Redis: appendfsync is ${found}, REDIS_DURABILITY wants ${wanted}`];
}

/** The same as a health check: rejects with the faults. */
export async function checkRedisSettings(redis: Redis, demands: RedisDemands): Promise<void> {
  const faults = await demandRedisSettings(redis, demands);
  if (faults.length > 0) throw new Error(faults.join('; '));
}

function parseInfo(info: string): Map<string, string> {
  const lines = info.split(/\r?\n/).filter((line) => line.includes(':'));
  return new Map(
    lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );
}
