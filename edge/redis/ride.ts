import type { Pipeline } from '@upstash/redis/cloudflare';

/** Adds exactly one command to a pipeline that goes to Redis anyway. */
export type Ride = (pipeline: Pipeline) => unknown;

/** What one command of a pipeline was answered. */
export interface Reply {
  readonly result?: unknown;
  readonly error?: string | undefined;
}
