// POST /api/device: a device shows itself, with a solved challenge, and gets a token for it. This
// is where layer 1 does its expensive thinking, before the rush.
import { type AttestationBody, attestationBodySchema } from '../../shared/device.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../../shared/purchase.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { refuse, respondJson } from '../answer.ts';
import { parseBody } from '../body/parse-body.ts';
import { readBody } from '../body/read-body.ts';
import type { Call } from '../call.ts';
import type { Edge } from '../edge.ts';
import { type AttestationFacts, countDevice } from '../facts/device-facts.ts';
import { dayOf } from '../facts/fact-names.ts';
import { likenessOf } from '../fingerprint/likeness.ts';
import { systemName } from '../fingerprint/whereabouts.ts';
import { rateLimitHeaders, secondsUntil } from '../ip-limit/ip-limit.ts';
import { explanationRide, mintReference } from '../policy/explanation.ts';
import { newStandingRide, type Standing, standingIn, standingRide } from '../policy/standing.ts';
import { writeLater } from '../redis/ride.ts';
import { requestFactsOf } from '../request-facts.ts';
import type { RequestFacts } from '../score/evidence.ts';
import { judgeDevice } from '../score/judge-device.ts';
import type { DeviceNames } from './device-token.ts';
import { isBudgetSpent } from './strong-budget.ts';
import { checkOffer, giveBack, markRides, type Offered, readOffer } from './take-proof.ts';

const TOKEN_LIFETIME_MS = 12 * 60 * 60 * 1000;
const AWAY: Refusal = { kind: 'unavailable', retryAfterSeconds: 1 };

export async function attest(edge: Edge, call: Call): Promise<Response> {
  const body = await readBody(call.request, BUYER_BODY_LIMIT_BYTES); // 413
  if (body.kind === 'refuse') return refuse(call, body.refusal);
  const identity = await edge.identify(call.request.headers); // 401
  if (identity.kind === 'refuse') return refuse(call, identity.refusal);
  const parsed = parseBody(call.request, body.bytes, attestationBodySchema); // 415, 400
  if (parsed.kind === 'refuse') return refuse(call, parsed.refusal);

  const user = await edge.names.user(identity.caller.userId);
  const { proof } = parsed.value;
  const now = Date.now();
  const offered = await readOffer(edge, { proof, user, now });
  if (offered.kind === 'invalid') return refuse(call, { kind: 'proof-invalid' }); // 400
  const request = requestFactsOf(call);
  const shown = { user, offered, request, now, body: parsed.value };
  const counted = await count(edge, call, shown); // 429, 503, 409 proof-used
  if (counted.kind === 'refuse') return refuse(call, counted.refusal);
  return giveToken(edge, call, { shown, counted }); // 403
}

interface Shown {
  readonly user: string;
  readonly offered: Offered;
  readonly request: RequestFacts;
  readonly now: number;
  readonly body: AttestationBody;
}

interface Counted {
  readonly kind: 'counted';
  readonly names: DeviceNames;
  readonly facts: AttestationFacts;
  readonly standing: Standing;
}

/** One request to Redis: the limit, the proof's mark, what is known of the device and the user. */
async function count(
  edge: Edge,
  call: Call,
  { user, offered, request, now, body }: Shown,
): Promise<Counted | { readonly kind: 'refuse'; readonly refusal: Refusal }> {
  const { device = null, input = null } = body;
  const day = dayOf(now);
  const names = await edge.names.device({ device, ...request }, day);
  const counting = await countDevice(edge.counter, {
    ...names,
    day,
    user,
    network: await edge.names.network(call.network, day),
    system: systemName(request),
    input: await edge.names.input(input, day),
    level: offered.level,
  });
  const held = call.request.headers.get('x-device-token') ?? '';
  const token = await edge.deviceTokens.open(held, { user, now });
  const marks = markRides(offered);
  const taken = await edge.ipLimit.take({ network: call.network, deviceId: token?.names.device }, [
    standingRide(user),
    ...counting.rides,
    ...marks,
  ]);
  Object.assign(call.headers, rateLimitHeaders(taken.count, now));
  const replies = taken.carried.kind === 'carried' ? taken.carried.replies : [];
  const [standing, ...rest] = replies;
  const mark = rest[counting.rides.length];
  if (!taken.count.isAllowed) {
    call.defer(giveBack(edge, offered, mark));
    const retryAfterSeconds = secondsUntil(taken.count.resetAt, now);
    return { kind: 'refuse', refusal: { kind: 'rate-limited', retryAfterSeconds } };
  }
  if (taken.carried.kind !== 'carried') return { kind: 'refuse', refusal: AWAY };
  const refusal = await checkOffer(edge, call, { offered, user, mark });
  if (refusal !== undefined) return { kind: 'refuse', refusal };
  const facts = await counting.read(rest);
  if (facts === undefined) return { kind: 'refuse', refusal: AWAY };
  return { kind: 'counted', names, facts, standing: standingIn(standing) };
}

/** The score goes into the token; what it means is for the activity to say, at the purchase. */
async function giveToken(
  edge: Edge,
  call: Call,
  { shown, counted }: { readonly shown: Shown; readonly counted: Counted },
): Promise<Response> {
  const { user, offered, request, now, body } = shown;
  const { level } = offered;
  const { names, facts, standing } = counted;
  const { device = null, input = null } = body;
  const pageAgeMs = await edge.pageTokens.ageOf(request.headers.get('x-page-token') ?? null, now);
  const weights = edge.known.current(call)?.weights;
  const judgement = judgeDevice({ device, input, request, facts, pageAgeMs, level, now, weights });
  const { score, hits } = judgement;
  const likeness = likenessOf(device);
  if (level === 'strong' && isBudgetSpent({ score, likeness }, facts)) {
    const reference = mintReference();
    const explanation = { at: now, stage: 'device', level, judgement } as const;
    call.defer(writeLater(edge.redis, [explanationRide(reference, explanation)]));
    call.log({ event: 'device refused', level: 'warn', detail: score });
    return refuse(call, { kind: 'refused', reference });
  }
  if (level === 'strong') {
    const better = { isRefused: false, solved: standing.solved + 1 };
    call.defer(writeLater(edge.redis, [newStandingRide(user, better)]));
  }
  const expiresAt = now + TOKEN_LIFETIME_MS;
  const deviceToken = await edge.deviceTokens.seal({
    user,
    names,
    score,
    hits: hits.map(({ rule }) => rule),
    level,
    likeness,
    hasDevice: device !== null,
    hasInput: input !== null,
    issuedAt: now,
    expiresAt,
  });
  const times = { expiresAt: new Date(expiresAt).toISOString() };
  return respondJson(call, { status: 200, body: { deviceToken, ...times } });
}
