// What all signed devices of one network may send together: fifty times what one may.
import { edgeKeys } from '../../shared/keys.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Reply, Ride } from '../redis/ride.ts';
import type { Count } from './isolate-limit.ts';

export const CEILING_PER_SECOND = 500;

export interface Ceiling {
  /** The refusal of a network that this isolate knows to be at its ceiling, at no cost in Redis. */
  full(network: string): Count | undefined;
  rides(network: string): Ride[];
  /** The refusal of a network whose replies say so. */
  check(network: string, replies: readonly Reply[]): Count | undefined;
}

const MAX_NETWORKS = 5_000;
/** Longer than the second that it counts. */
const LIFETIME_SECONDS = 5;

export function createCeiling(now: () => number = Date.now): Ceiling {
  const fullUntil = new BoundedMap<string, number>(MAX_NETWORKS);
  return {
    full(network) {
      const resetAt = fullUntil.get(network) ?? 0;
      return now() < resetAt ? refusal(resetAt) : undefined;
    },
    rides(network) {
      const key = edgeKeys.ipCeiling(network, Math.floor(now() / 1000));
      return [
        ['incr', key],
        ['expire', key, LIFETIME_SECONDS],
      ];
    },
    check(network, [counted]) {
      const count = counted?.result;
      if (typeof count !== 'number' || count <= CEILING_PER_SECOND) return undefined;
      const resetAt = (Math.floor(now() / 1000) + 1) * 1000;
      fullUntil.set(network, resetAt);
      return refusal(resetAt);
    },
  };
}

const refusal = (resetAt: number): Count => ({ isAllowed: false, remaining: 0, resetAt });
