// What work costs: CPU of this process and of Redis together, which others at work on the machine
// disturb less than they do its rate.
import type { Redis } from '../../origin/redis/client.ts';

const USED = /^used_cpu_(?:sys|user):([\d.]+)/gm;

/** Microseconds for each of `count`. */
export async function costOf(
  redis: Redis,
  count: number,
  work: () => Promise<void>,
): Promise<number> {
  const before = (await redisMicroseconds(redis)) + ownMicroseconds();
  await work();
  const after = (await redisMicroseconds(redis)) + ownMicroseconds();
  return (after - before) / count;
}

function ownMicroseconds(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}

async function redisMicroseconds(redis: Redis): Promise<number> {
  const used = [...(await redis.info('cpu')).matchAll(USED)];
  return used.reduce((sum, [, seconds]) => sum + 1e6 * Number(seconds), 0);
}
