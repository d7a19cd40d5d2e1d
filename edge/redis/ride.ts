import type { EdgeRedis } from './edge-redis.ts';

/** One command that goes to Redis in a request that is made anyway: its name, then its arguments. */
export type Ride = readonly (string | number)[];

/** What one command of a pipeline was answered. */
export interface Reply {
  readonly result?: unknown;
  readonly error?: string | undefined;
}

const LATER_TIMEOUT_MS = 1_000;

/**
 * Writes what nobody waits for, in one request behind an answer. Lost while Redis is away: only for
 * what decides nothing.
 */
export async function writeLater(redis: EdgeRedis, rides: readonly Ride[]): Promise<void> {
  await redis.ask((client) => client.send(rides), LATER_TIMEOUT_MS);
}
