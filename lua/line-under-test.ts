// A line in the run's Redis whose virtual time stands where a test puts it: the clock's limit holds
// it there, for TIME cannot be set.

import type { Redis } from '../origin/redis/client.ts';
import { luaScript } from '../origin/redis/lua.ts';
import { DEVICE_GROUP_LENGTH, edgeKeys } from '../shared/keys.ts';
import { RATHER_LONG_MS, redisNow } from './real-redis.ts';

export interface LineTerms {
  readonly rate: number;
  readonly capacity: number;
  readonly windowMs: number;
  readonly queueLimit: number;
}

export interface Knock {
  readonly userKey: string;
  readonly freshUlid: string;
  readonly follows?: string;
  readonly ticket?: {
    readonly ulid: string;
    readonly turn: number;
    readonly until: number;
    readonly entry?: number;
  };
  /** `user` is the user key where it is not given. */
  readonly room?: { readonly deviceId: string; readonly places: number; readonly user?: string };
  /** False where newcomers may not join. */
  readonly joinable?: boolean;
  /** The user among the draw's entries, where there is a draw. */
  readonly leaf?: string;
}

const admitScript = luaScript('admit');
const setClockScript = luaScript('set-clock');

export const lineKeys = (skuId: string): string[] => [
  edgeKeys.lineClock(skuId),
  edgeKeys.tokenBucket(skuId),
  edgeKeys.tokenBucketLast(skuId),
  edgeKeys.tokenBucketRemainder(skuId),
];

export interface ClockSetting {
  readonly term: number;
  readonly speed: number;
  readonly virtualUntil: number;
  readonly virtualAt: number;
  readonly frontier: number;
  /** Relative to the server's time. */
  readonly startsInMs: number;
  readonly callLog: string;
  /** Turns of those who came that the log has counted. */
  readonly counted: number;
}

const SETTING: ClockSetting = {
  term: 1,
  speed: 1,
  virtualUntil: 9e14,
  virtualAt: 0,
  frontier: 0,
  startsInMs: -1_000,
  callLog: '',
  counted: 0,
};

export async function setClock(
  redis: Redis,
  line: { readonly skuId: string; readonly activityId: string; readonly terms: LineTerms },
  changes: Partial<ClockSetting> = {},
): Promise<unknown[]> {
  const { skuId, activityId, terms } = line;
  const setting = { ...SETTING, ...changes };
  const now = await redisNow(redis);
  const keys = [...lineKeys(skuId), edgeKeys.came(skuId), edgeKeys.callLog(skuId)];
  const answer = await setClockScript.run(redis, keys, [
    activityId,
    setting.term,
    setting.speed,
    setting.virtualUntil,
    terms.rate,
    terms.capacity,
    terms.windowMs,
    now + setting.startsInMs,
    now + RATHER_LONG_MS,
    terms.queueLimit,
    setting.virtualAt,
    setting.frontier,
    now + 2 * RATHER_LONG_MS,
    setting.callLog,
    setting.counted,
    'free',
  ]);
  return Array.isArray(answer) ? answer : [answer];
}

/** Virtual time is `virtualMs` from now on and moves no further. */
export async function holdAt(redis: Redis, skuId: string, virtualMs: number): Promise<void> {
  await redis.hset(edgeKeys.lineClock(skuId), { virtualAt: virtualMs, virtualUntil: virtualMs });
}

/** Fills the entry bucket, or empties it for as long as the test lasts. */
export async function setEntryTokens(
  redis: Redis,
  skuId: string,
  tokens: 'full' | 'none',
): Promise<void> {
  const key = edgeKeys.entryBucket(skuId);
  const future = (await redisNow(redis)) + RATHER_LONG_MS;
  if (tokens === 'full') await redis.del(key);
  else await redis.set(key, `0 0 ${future}`, 'PXAT', future);
}

export async function admit(
  redis: Redis,
  { skuId, activityId }: { readonly skuId: string; readonly activityId: string },
  { userKey, freshUlid, follows = '', ticket, room, joinable = true, leaf = '' }: Knock,
): Promise<unknown[]> {
  const keys = [
    ...lineKeys(skuId),
    edgeKeys.entryBucket(skuId),
    edgeKeys.place(skuId, userKey),
    edgeKeys.devicePlaces(skuId, room?.deviceId ?? ''),
    edgeKeys.came(skuId),
    edgeKeys.draw(skuId),
    edgeKeys.drawEntries(skuId),
  ];
  const { ulid = '', turn = '', until = '', entry = '' } = ticket ?? {};
  const copy = [ulid, turn, until, entry];
  const places =
    room === undefined
      ? ['', '', '']
      : [room.deviceId.slice(DEVICE_GROUP_LENGTH), room.user ?? userKey, room.places];
  const args = [activityId, freshUlid, follows, ...copy, ...places, joinable ? '1' : '0', leaf];
  const answer = await admitScript.run(redis, keys, args);
  return Array.isArray(answer) ? answer : [answer];
}
