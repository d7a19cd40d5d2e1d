import type { Pipeline } from '@upstash/redis/cloudflare';
import type { EdgeRedis } from './edge-redis.ts';

/** Adds exactly one command to a pipeline that goes to Redis anyway. */
export type Ride = (pipeline: Pipeline) => unknown;

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
  await redis.ask((client) => {
    const pipeline = client.pipeline();
    for (const ride of rides) ride(pipeline);
    return pipeline.exec({ keepErrors: true });
  }, LATER_TIMEOUT_MS);
}
