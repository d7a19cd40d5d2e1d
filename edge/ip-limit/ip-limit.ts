// Layer 1: ten requests a second per client, counted in Redis. A client is a network, or a signed
// device on it, so that people who share a network do not starve each other.
import { Ratelimit } from '@upstash/ratelimit/dist/index.mjs';
import { edgeKeys } from '../../shared/keys.ts';
import { BoundedMap } from '../bounded-map.ts';
import { type Log, nameOf } from '../log.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import type { Reply, Ride } from '../redis/ride.ts';
import { createCarrier, RedisAway } from './carrier.ts';
import { createCeiling } from './ceiling.ts';
import { type Count, createIsolateLimit } from './isolate-limit.ts';

export const REQUESTS_PER_SECOND = 10;

/** Whose requests are counted together. */
export interface Client {
  readonly network: string;
  /** Of a valid device token. */
  readonly deviceId?: string | undefined;
}

export interface Taken {
  readonly count: Count;
  /**
   * `carried`: one reply for each command that rode along. `none`: the client is blocked, which
   * costs no call. `away`: Redis does not answer, and the isolate has counted.
   */
  readonly carried:
    | { readonly kind: 'carried'; readonly replies: readonly Reply[] }
    | { readonly kind: 'none' }
    | { readonly kind: 'away' };
}

export interface IpLimit {
  /** Counts one request, and asks what rides along in the same HTTP request. */
  take(client: Client, rides: readonly Ride[]): Promise<Taken>;
  /** The refusal of a client that this isolate knows to be over its limit, at no cost. */
  blocked(client: Client): Count | undefined;
  /** Counts one request in this isolate only, without Redis. */
  takeHere(client: Client): Count;
}

const WINDOW_MS = 1_000;
const TIMEOUT_MS = 500;
const MAX_CLIENTS = 20_000;

/** Redis away: never "allow all", but a count of this isolate's own with the same limit. */
export function createIpLimit(redis: EdgeRedis, log: Log): IpLimit {
  const overLimit = new BoundedMap<string, number>(MAX_CLIENTS);
  const countHere = createIsolateLimit({
    limit: REQUESTS_PER_SECOND,
    windowMs: WINDOW_MS,
    maxNetworks: MAX_CLIENTS,
  });
  const ceiling = createCeiling();
  const script = { isSent: false };
  const takeHere = (client: Client): Count => countHere(bucketOf(client), Date.now());
  function blocked(client: Client): Count | undefined {
    if (client.deviceId !== undefined) {
      const full = ceiling.full(client.network);
      if (full !== undefined) return full;
    }
    // As the library names and keeps what it has seen over the limit.
    const resetAt = overLimit.get(`${edgeKeys.ipLimit}:${bucketOf(client)}`) ?? 0;
    return Date.now() < resetAt ? { isAllowed: false, remaining: 0, resetAt } : undefined;
  }

  return {
    takeHere,
    blocked,
    async take(client, rides) {
      const known = blocked(client);
      if (known !== undefined) return { count: known, carried: { kind: 'none' } };
      const counted = client.deviceId === undefined ? [] : ceiling.rides(client.network);
      let arrived: Taken['carried'] | undefined;
      let ceilingReplies: readonly Reply[] = [];
      const limiter = new Ratelimit({
        redis: createCarrier({
          redis,
          rides: [...counted, ...rides],
          deliver: (replies) => {
            ceilingReplies = replies.slice(0, counted.length);
            arrived = { kind: 'carried', replies: replies.slice(counted.length) };
          },
          timeoutMs: TIMEOUT_MS,
          script,
        }),
        limiter: Ratelimit.slidingWindow(REQUESTS_PER_SECOND, `${WINDOW_MS} ms`),
        prefix: edgeKeys.ipLimit,
        ephemeralCache: overLimit,
        timeout: TIMEOUT_MS,
        analytics: false,
        enableTelemetry: false,
      });
      try {
        const { success, remaining, reset, reason } = await limiter.limit(bucketOf(client));
        // When its time is up the library lets everybody pass.
        if (reason === 'timeout') throw new RedisAway();
        const count: Count = { isAllowed: success, remaining, resetAt: reset };
        const carried = arrived ?? { kind: 'none' };
        return { count: ceiling.check(client.network, ceilingReplies) ?? count, carried };
      } catch (error) {
        log({ event: 'ip-limit counts here', level: 'warn', detail: nameOf(error) });
        return { count: takeHere(client), carried: arrived ?? { kind: 'away' } };
      }
    },
  };
}

const bucketOf = ({ network, deviceId }: Client): string =>
  deviceId === undefined ? `{${network}}` : `{${network}}:${deviceId}`;

/** The answer's header fields of a counted request (draft-ietf-httpapi-ratelimit-headers). */
export function rateLimitHeaders({ remaining, resetAt }: Count, nowMs: number) {
  return {
    ratelimit: `"network";r=${remaining};t=${secondsUntil(resetAt, nowMs)}`,
    'ratelimit-policy': `"network";q=${REQUESTS_PER_SECOND};w=1`,
  };
}

export const secondsUntil = (atMs: number, nowMs: number): number =>
  Math.max(1, Math.ceil((atMs - nowMs) / 1000));
