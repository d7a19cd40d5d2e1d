// The only way into the line: one call of `lua/admit.lua` finds or makes the user's place.
import { DEVICE_GROUP_LENGTH, edgeKeys } from '../../shared/keys.ts';
import type { Ticket } from '../../shared/ticket.ts';
import type { Log } from '../log.ts';
import type { DeviceRoom } from '../policy/meet-policy.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import { createScript } from '../redis/script.ts';
import { admitScript } from './admit-script.ts';
import { parseVerdict, type Verdict } from './verdict.ts';

export interface Admission {
  readonly skuId: string;
  readonly activityId: string;
  readonly userKey: string;
  /** The id that a new place would bear. */
  readonly freshUlid: string;
  /** The order that this purchase follows, or ''. */
  readonly againUlid: string;
  /** A checked ticket of this user and activity, for a Redis that lost the place. */
  readonly ticket: Ticket | undefined;
  /** The device that a new place is counted for; undefined where none is. */
  readonly room: DeviceRoom | undefined;
  /** Whether the sale's document says that newcomers may join. */
  readonly joinable: boolean;
  /** The user in the draw's list of entries, 32 hexadecimal digits; undefined without a draw. */
  readonly leaf: string | undefined;
}

export type Admit = (admission: Admission) => Promise<Verdict>;

/** Deadline. A call that is late may have made the place; the next one finds it. */
const TIMEOUT_MS = 1_000;
const AWAY: Verdict = { kind: 'away' };

export function createAdmit(redis: EdgeRedis, log: Log): Admit {
  const script = createScript(admitScript);
  return async function admit(admission) {
    const { skuId, activityId, userKey, freshUlid, againUlid, ticket, room } = admission;
    const { joinable, leaf } = admission;
    const keys = [
      edgeKeys.lineClock(skuId),
      edgeKeys.tokenBucket(skuId),
      edgeKeys.tokenBucketLast(skuId),
      edgeKeys.tokenBucketRemainder(skuId),
      edgeKeys.entryBucket(skuId),
      edgeKeys.place(skuId, userKey),
      edgeKeys.devicePlaces(skuId, room?.deviceId ?? ''),
      edgeKeys.came(skuId),
      edgeKeys.draw(skuId),
      edgeKeys.drawEntries(skuId),
    ];
    const held =
      ticket === undefined
        ? ['', '', '', '']
        : [ticket.ulid, String(ticket.turn), String(ticket.until), String(ticket.entry ?? '')];
    const places =
      room === undefined
        ? ['', '', '']
        : [room.deviceId.slice(DEVICE_GROUP_LENGTH), room.user, String(room.places)];
    const state = [joinable ? '1' : '0', leaf ?? ''];
    const args = [activityId, freshUlid, againUlid, ...held, ...places, ...state];
    const asked = await redis.ask((client) => script.run(client, { keys, args }), TIMEOUT_MS);
    if (asked.kind === 'away') return AWAY;
    if (asked.value.kind === 'fault') {
      log({ event: 'admit failed', level: 'error', detail: asked.value.code });
      return AWAY;
    }
    const verdict = parseVerdict(asked.value.value);
    if (verdict === undefined) log({ event: 'admit answered oddly', level: 'error' });
    return verdict ?? AWAY;
  };
}
