// What this isolate knows of the origins and of live settings: a signed list in the edge Redis, read
// anew once a second behind answers that used the old one.
import { edgeKeys } from '../../shared/keys.ts';
import {
  ORIGIN_LIST_USABLE_MS,
  type OriginList,
  parseOriginList,
  parseSignedList,
  signedListText,
} from '../../shared/origin-list.ts';
import { encodeBytes } from '../base64url.ts';
import type { Call } from '../call.ts';
import { isEqualText } from '../equal-texts.ts';
import { createHmac } from '../hmac.ts';
import type { Log } from '../log.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';

export interface KnownOrigins {
  /** The list as last read; undefined when it is unknown. Asks nobody before it answers. */
  current(call: Call): OriginList | undefined;
  /** Reads the list now. Deadline 1 s; the list stays as it was where Redis is away. */
  refresh(): Promise<void>;
}

const FRESH_MS = 1_000;
const TIMEOUT_MS = 1_000;
/** Between the leader's clock and this isolate's, and for the age of a list. */
const SKEW_MS = 60_000;

export function createKnownOrigins({
  redis,
  signatureKey,
  log,
}: {
  readonly redis: EdgeRedis;
  readonly signatureKey: { readonly id: string; readonly secret: string };
  readonly log: Log;
}): KnownOrigins {
  const hmac = createHmac(signatureKey.secret);
  let known: OriginList | undefined;
  let readAt = Number.NEGATIVE_INFINITY;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function refresh(): Promise<void> {
    askedAt = Date.now();
    const asked = await redis.ask((client) => client.send([['get', edgeKeys.origins]]), TIMEOUT_MS);
    const text = asked.kind === 'away' ? undefined : asked.value[0]?.result;
    if (typeof text !== 'string') return;
    const list = await verify(text);
    if (list === undefined || Math.abs(Date.now() - list.at) > SKEW_MS) {
      log({ event: 'origin list refused', level: 'error' });
    } else if (known === undefined || list.at >= known.at) {
      known = list;
      readAt = Date.now();
    }
  }

  async function verify(text: string): Promise<OriginList | undefined> {
    const signed = parseSignedList(text);
    if (signed === undefined) return undefined;
    const expected = encodeBytes(await hmac(signedListText(signed.list)));
    const given = signed.signatures[signatureKey.id] ?? '';
    return isEqualText(given, expected) ? parseOriginList(signed.list) : undefined;
  }

  return {
    refresh,
    current(call) {
      const now = Date.now();
      if (now - askedAt > FRESH_MS) call.defer(refresh());
      return now - readAt < ORIGIN_LIST_USABLE_MS ? known : undefined;
    },
  };
}
