// What `admit` says, in words that cannot be overlooked.
import * as v from 'valibot';
import { isUlid } from '../../shared/order-id.ts';
import type { Place } from './place.ts';

export type Verdict =
  /** Forward it now. */
  | { readonly kind: 'enter'; readonly place: Place }
  /** Its turn has not come. */
  | { readonly kind: 'wait'; readonly place: Place }
  /** Its turn has come; the entry bucket has no token this moment. */
  | { readonly kind: 'ready'; readonly place: Place }
  /** It was forwarded less than a second ago. */
  | { readonly kind: 'confirming'; readonly place: Place }
  /** The clock stands still. */
  | { readonly kind: 'paused'; readonly place: Place }
  /** It takes part in the draw (`place.entry` says as which entry), which has not been held. */
  | { readonly kind: 'entered-draw'; readonly place: Place }
  | { readonly kind: 'not-open' }
  | { readonly kind: 'ended' }
  | { readonly kind: 'line-full' }
  /** There is no place yet, and newcomers may not join at present. */
  | { readonly kind: 'closed' }
  /** The device holds all the places that it may. */
  | { readonly kind: 'device-full' }
  /** No clock of this activity stands in Redis (yet, or any more). */
  | { readonly kind: 'no-line' }
  | { readonly kind: 'away' };

const count = v.pipe(v.number(), v.safeInteger());
const placeSchema = v.tuple([
  v.picklist(['enter', 'wait', 'ready', 'confirming', 'paused', 'entered_draw']),
  v.pipe(v.string(), v.check(isUlid)),
  count,
  count,
  count,
  v.pipe(count, v.minValue(1)),
  v.pipe(count, v.minValue(0)),
  v.pipe(
    v.string(),
    v.check((text) => text === '' || isUlid(text)),
  ),
  v.pipe(count, v.minValue(-1)),
]);
const REFUSALS = {
  no_line: 'no-line',
  not_open: 'not-open',
  ended: 'ended',
  line_full: 'line-full',
  device_full: 'device-full',
  closed: 'closed',
} as const;
const refusalSchema = v.tuple([
  v.picklist(['no_line', 'not_open', 'ended', 'line_full', 'device_full', 'closed']),
]);

/** The verdict, or undefined for what is none of the script's answers. */
export function parseVerdict(answer: unknown): Verdict | undefined {
  const placed = v.safeParse(placeSchema, answer);
  if (placed.success) {
    const [word, ulid, turn, until, virtualMs, ratePerSecond, milliSpeed, follows, index] =
      placed.output;
    const speed = milliSpeed / 1000;
    const entry = index < 0 ? null : index;
    const place = { ulid, turn, until, virtualMs, ratePerSecond, speed, follows, entry };
    return { kind: word === 'entered_draw' ? 'entered-draw' : word, place };
  }
  const refused = v.safeParse(refusalSchema, answer);
  return refused.success ? { kind: REFUSALS[refused.output[0]] } : undefined;
}
