// Layer 1: ten requests a second per client network, counted in Redis.
import { Ratelimit } from '@upstash/ratelimit';
import { edgeKeys } from '../../shared/keys.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Log, nameOf } from '../log.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import { createCarrier, RedisAway, type Values } from './carrier.ts';
import { type Count, createIsolateLimit } from './isolate-limit.ts';

export const REQUESTS_PER_SECOND = 10;

export interface Taken {
  readonly count: Count;
  /**
   * `carried`: the values that were asked for. `none`: none were, or the network is blocked, which
   * costs no call. `away`: Redis does not answer, and the isolate has counted.
   */
  readonly carried:
    | { readonly kind: 'carried'; readonly values: Values }
    | { readonly kind: 'none' }
    | { readonly kind: 'away' };
}

export interface IpLimit {
  /** Counts one request, and reads `keys` (of one slot) in the same HTTP request. */
  take(network: string, keys: readonly string[]): Promise<Taken>;
  /** Counts one request in this isolate only, without Redis. */
  takeHere(network: string): Count;
}

const WINDOW_MS = 1_000;
const TIMEOUT_MS = 500;
const MAX_NETWORKS = 20_000;

/** Redis away: never "allow all", but a count of this isolate's own with the same limit. */
export function createIpLimit(redis: EdgeRedis, log: Log): IpLimit {
  const blocked = new BoundedMap<string, number>(MAX_NETWORKS);
  const countHere = createIsolateLimit({
    limit: REQUESTS_PER_SECOND,
    windowMs: WINDOW_MS,
    maxNetworks: MAX_NETWORKS,
  });
  const script = { isSent: false };
  return {
    takeHere: (network) => countHere(network, Date.now()),
    async take(network, keys) {
      let carried: Taken['carried'] = { kind: 'none' };
      const deliver = (values: Values): void => {
        carried = { kind: 'carried', values };
      };
      const limiter = new Ratelimit({
        redis: createCarrier({ redis, keys, deliver, timeoutMs: TIMEOUT_MS, script }),
        limiter: Ratelimit.slidingWindow(REQUESTS_PER_SECOND, `${WINDOW_MS} ms`),
        prefix: edgeKeys.ipLimit,
        ephemeralCache: blocked,
        timeout: TIMEOUT_MS,
        analytics: false,
        enableTelemetry: false,
      });
      try {
        const { success, remaining, reset, reason } = await limiter.limit(`{${network}}`);
        // When its time is up the library lets everybody pass.
        if (reason === 'timeout') throw new RedisAway();
        return { count: { isAllowed: success, remaining, resetAt: reset }, carried };
      } catch (error) {
        log({ event: 'ip-limit counts here', level: 'warn', detail: nameOf(error) });
        return { count: countHere(network, Date.now()), carried: { kind: 'away' } };
      }
    },
  };
}

/** The answer's header fields of a counted request (draft-ietf-httpapi-ratelimit-headers). */
export function rateLimitHeaders({ remaining, resetAt }: Count, nowMs: number) {
  return {
    ratelimit: `"network";r=${remaining};t=${secondsUntil(resetAt, nowMs)}`,
    'ratelimit-policy': `"network";q=${REQUESTS_PER_SECOND};w=1`,
  };
}

export const secondsUntil = (atMs: number, nowMs: number): number =>
  Math.max(1, Math.ceil((atMs - nowMs) / 1000));
