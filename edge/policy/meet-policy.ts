// Layer 1's last word on a purchase: pass, challenge or refuse, by what the activity wants.
import type { Refusal } from '../../shared/refusal.ts';
import type { Call } from '../call.ts';
import type { Challenges } from '../challenge/challenges.ts';
import type { KnownOrigins } from '../forward/origin-list.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import { writeLater } from '../redis/ride.ts';
import { attemptOf, type Met } from '../sale/meet-sale.ts';
import { judgePurchase } from '../score/judge-purchase.ts';
import type { Judgement } from '../score/judgement.ts';
import { placesOfDevice } from '../score/places-of-device.ts';
import { explanationRide, mintReference } from './explanation.ts';
import { isScoringOff, ruleOn, severityOf } from './ruling.ts';
import { newStandingRide } from './standing.ts';
import type { Turned, TurnedBack } from './turned-back.ts';
import type { Visitor, Witness } from './visitor.ts';

export interface PolicyParts {
  readonly known: KnownOrigins;
  readonly redis: EdgeRedis;
  readonly challenges: Challenges;
  readonly turnedBack: TurnedBack;
}

/** How many places the device may hold; none where nobody counts them. */
export interface DeviceRoom {
  readonly deviceId: string;
  /** The user among those of the device. */
  readonly user: string;
  readonly places: number;
}

export type Policed =
  | { readonly kind: 'pass'; readonly met: MetSale; readonly room: DeviceRoom | undefined }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

type MetSale = Extract<Met, { kind: 'pass' }>;

const CANNOT_TELL: Policed = {
  kind: 'refuse',
  refusal: { kind: 'unavailable', retryAfterSeconds: 1 },
};

export async function meetPolicy(
  parts: PolicyParts,
  call: Call,
  { visitor, met }: { readonly visitor: Visitor; readonly met: Exclude<Met, { kind: 'refuse' }> },
): Promise<Policed> {
  if (met.kind === 'turned-back') {
    return refusedAs(await refusalOf(parts.challenges, visitor.user, met.turned));
  }
  if (met.hasEntered) return { kind: 'pass', met, room: undefined };
  const { witness } = visitor;
  if (witness === undefined) {
    return refusedAs(await turnBack(parts, { visitor, met, as: ORDINARY }));
  }
  if (met.facts === undefined) return CANNOT_TELL;

  const { status } = met.sale;
  const { token, request, pageAgeMs } = witness;
  const { facts } = met;
  const judgement = judgePurchase({
    token,
    request,
    facts,
    pageAgeMs,
    now: Date.now(),
    opensAt: status.startAt,
    weights: parts.known.current(call)?.weights,
  });
  const ruling = ruleOn({ score: judgement.score, level: token.level }, status);
  switch (ruling) {
    case 'pass':
      return { kind: 'pass', met, room: isScoringOff(status) ? undefined : roomOf(witness, met) };
    case 'challenge': {
      log(call, 'challenged', judgement);
      const { solved } = met.standing;
      const reason = { severity: severityOf(judgement.score, status), solved };
      const turned = { kind: 'strong-challenge', reason } as const;
      return refusedAs(await turnBack(parts, { visitor, met, as: turned }));
    }
    case 'refuse': {
      log(call, 'refused', judgement);
      const reference = mintReference();
      call.defer(explain(parts, { reference, visitor, met, judgement, witness }));
      const turned = { kind: 'refused', reference } as const;
      return refusedAs(await turnBack(parts, { visitor, met, as: turned }));
    }
  }
}

/** For who passed, but whose device holds all the places that it may. */
export function refuseFullDevice(
  parts: PolicyParts,
  { visitor, met }: { readonly visitor: Visitor; readonly met: MetSale },
): Promise<Refusal> {
  const reason = { severity: 1, solved: met.standing.solved };
  return turnBack(parts, { visitor, met, as: { kind: 'strong-challenge', reason } });
}

const refusedAs = (refusal: Refusal): Policed => ({ kind: 'refuse', refusal });

/** Of the user's HMAC: 48 bits tell the few users of a device apart. */
const TAG_LENGTH = 8;
/** What so many may share is no device of anybody's; and every place of it is read each time. */
const MOST_COUNTED = 200;
const ORDINARY: Turned = { kind: 'ordinary-challenge' };

/** Turns back, and remembers it for the next time. */
function turnBack(
  { challenges, turnedBack }: PolicyParts,
  { visitor, met, as }: { readonly visitor: Visitor; readonly met: MetSale; readonly as: Turned },
): Promise<Refusal> {
  turnedBack.add(attemptOf(met.sale, visitor), as, Date.now());
  return refusalOf(challenges, visitor.user, as);
}

async function refusalOf(challenges: Challenges, user: string, turned: Turned): Promise<Refusal> {
  switch (turned.kind) {
    case 'ordinary-challenge':
      return { kind: 'challenge-required', challenge: await challenges.ordinary(user) };
    case 'strong-challenge':
      return {
        kind: 'challenge-required',
        challenge: await challenges.strong(user, turned.reason),
      };
    case 'refused':
      return { kind: 'refused', reference: turned.reference };
  }
}

/** A stronger proof is paid per person: its devices are counted where it is given. */
function roomOf({ token }: Witness, { facts }: MetSale): DeviceRoom | undefined {
  if (token.level === 'strong' || facts === undefined) return undefined;
  const { names, user } = token;
  const places = placesOfDevice(facts, token);
  if (places > MOST_COUNTED) return undefined;
  return { deviceId: names.device, user: user.slice(0, TAG_LENGTH), places };
}

async function explain(
  { redis }: PolicyParts,
  refused: {
    readonly reference: string;
    readonly visitor: Visitor;
    readonly met: MetSale;
    readonly judgement: Judgement;
    readonly witness: Witness;
  },
): Promise<void> {
  const { reference, visitor, met, judgement, witness } = refused;
  const { level, hits: deviceRules } = witness.token;
  const explanation = { at: Date.now(), stage: 'purchase', skuId: visitor.skuId } as const;
  await writeLater(redis, [
    explanationRide(reference, { ...explanation, level, judgement, deviceRules }),
    newStandingRide(visitor.user, { ...met.standing, isRefused: true }),
  ]);
}

function log(call: Call, what: 'challenged' | 'refused', { hits, score }: Judgement): void {
  const [first] = hits;
  call.log({ event: `purchase ${what}`, level: 'warn', detail: `${first?.rule ?? ''} ${score}` });
}
