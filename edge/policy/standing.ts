// How a user stands with layer 1: whether they were refused lately, and how many stronger
// challenges they have solved. Both are forgotten after a day.
import { edgeKeys } from '../../shared/keys.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import type { Reply, Ride } from '../redis/ride.ts';

export interface Standing {
  readonly isRefused: boolean;
  readonly solved: number;
}

const LIFETIME_SECONDS = 24 * 60 * 60;
const TIMEOUT_MS = 500;
const GOOD: Standing = { isRefused: false, solved: 0 };

export const standingRide = (user: string): Ride => ['get', edgeKeys.standing(user)];

/** Stored as `refused solved`, each a number. */
export function standingIn(reply: Reply | undefined): Standing {
  if (typeof reply?.result !== 'string') return GOOD;
  const [refused, solved] = reply.result.split(' ').map(Number);
  return { isRefused: refused === 1, solved: solved ?? 0 };
}

/** For who asks for a challenge. While Redis is away everybody stands well: it decides nothing. */
export async function readStanding(redis: EdgeRedis, user: string): Promise<Standing> {
  const asked = await redis.ask((client) => client.send([standingRide(user)]), TIMEOUT_MS);
  return asked.kind === 'away' ? GOOD : standingIn(asked.value[0]);
}

/** The last write wins: of two at once one may be lost, and a challenge is a little easier. */
export function newStandingRide(user: string, { isRefused, solved }: Standing): Ride {
  const text = `${isRefused ? 1 : 0} ${solved}`;
  return ['set', edgeKeys.standing(user), text, 'ex', LIFETIME_SECONDS];
}
