// A purchase at the edge: its stages in the order in which API.md lets refusals win. Every stage
// passes or refuses; what passes all of them stands in the line.
import { mintUlid, orderIdOf } from '../shared/order-id.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../shared/purchase.ts';
import type { Ticket } from '../shared/ticket.ts';
import type { Place } from './admit/place.ts';
import type { Verdict } from './admit/verdict.ts';
import { refuse } from './answer.ts';
import { parsePurchase, type Wanted } from './body/parse-purchase.ts';
import { readBody } from './body/read-body.ts';
import type { Call } from './call.ts';
import type { Edge } from './edge.ts';
import { meetPolicy, refuseFullDevice } from './policy/meet-policy.ts';
import { meetVisitor } from './policy/visitor.ts';
import { confirming, queued, ready } from './queue/placed.ts';
import { meetSale } from './sale/meet-sale.ts';
import { type KnownSale, serverTime } from './sale/status-memory.ts';
import { checkTicket } from './ticket/check-ticket.ts';

const CLOSED_RETRY_SECONDS = 30;
const LINE_FULL_RETRY_SECONDS = 5;
const PAUSED_RETRY_SECONDS = 5;
const AWAY_RETRY_SECONDS = 1;

/** POST /api/seckill/:skuId */
export async function purchase(edge: Edge, call: Call, skuId: string): Promise<Response> {
  edge.counts.add('requests');
  const body = await readBody(call.request, BUYER_BODY_LIMIT_BYTES); // 413
  if (body.kind === 'refuse') return refuse(call, body.refusal);

  const identity = await edge.identify(call.request.headers); // 401
  if (identity.kind === 'refuse') return refuse(call, identity.refusal);
  const { userId } = identity.caller;

  const parsed = parsePurchase(call.request, body.bytes, skuId); // 415, 400
  if (parsed.kind === 'refuse') return refuse(call, parsed.refusal);
  const wanted = parsed.value;

  if (edge.settings.isClosed) {
    return refuse(call, { kind: 'paused', retryAfterSeconds: CLOSED_RETRY_SECONDS });
  }

  const userKey = await edge.userKeyOf(userId);
  const visitor = await meetVisitor(edge, call, { skuId, userKey, userId });
  const met = await meetSale(edge, call, visitor); // 404, 429, 409, 503, sold-out
  if (met.kind === 'refuse') return refuse(call, met.refusal);
  edge.counts.add('l1');
  const policed = await meetPolicy(edge, call, { visitor, met }); // 403
  if (policed.kind === 'refuse') return refuse(call, policed.refusal);
  edge.counts.add('l2');
  edge.counts.add('l3');
  const { activityId } = policed.met.sale.status;

  const userHash = await edge.userHashOf({ userId, activityId });
  const checked = await checkTicket(edge.tickets, wanted.ticket, { skuId, activityId, userHash });
  if (checked.kind === 'refuse') return refuse(call, checked.refusal); // 409 ticket-invalid

  const verdict = await edge.admit({
    skuId,
    activityId,
    userKey,
    freshUlid: mintUlid(Date.now()),
    againUlid: wanted.againUlid,
    ticket: checked.ticket,
    room: policed.room,
  });
  if (verdict.kind === 'device-full') {
    return refuse(call, await refuseFullDevice(edge, { visitor, met: policed.met })); // 403
  }
  const buyer = { userId, userHash, skuId, wanted, sale: policed.met.sale };
  return answerVerdict(edge, call, { verdict, buyer });
}

type PlainVerdict = Exclude<Verdict, { kind: 'device-full' }>;

interface Buyer {
  readonly userId: string;
  readonly userHash: string;
  readonly skuId: string;
  readonly wanted: Wanted;
  readonly sale: KnownSale;
}

async function answerVerdict(
  edge: Edge,
  call: Call,
  { verdict, buyer }: { readonly verdict: PlainVerdict; readonly buyer: Buyer },
): Promise<Response> {
  const { sale } = buyer;
  switch (verdict.kind) {
    case 'not-open': {
      const { startAt: opensAt } = sale.status;
      return refuse(call, { kind: 'not-open', opensAt, serverTime: serverTime(sale, Date.now()) });
    }
    case 'ended':
      return refuse(call, { kind: 'ended' });
    case 'line-full':
      return refuse(call, { kind: 'line-full', retryAfterSeconds: LINE_FULL_RETRY_SECONDS });
    case 'no-line':
    case 'away':
      return refuse(call, { kind: 'unavailable', retryAfterSeconds: AWAY_RETRY_SECONDS });
    default:
      return answerPlace(edge, call, { kind: verdict.kind, place: verdict.place, buyer });
  }
}

/** Whoever has a place gets its ticket and order id, whatever else the answer says. */
async function answerPlace(
  edge: Edge,
  call: Call,
  placed: { readonly kind: PlacedKind; readonly place: Place; readonly buyer: Buyer },
): Promise<Response> {
  const { place, buyer } = placed;
  const { skuId, userId, userHash, wanted } = buyer;
  const { random } = edge;
  const { activityId } = buyer.sale.status;
  const { ulid, turn, until } = place;
  const copy: Ticket = { skuId, activityId, userHash, ulid, turn, until };
  const ticket = await edge.tickets.sign(copy);
  const ids = { ticket, orderId: orderIdOf({ skuId, ulid }) };
  switch (placed.kind) {
    case 'wait':
      edge.counts.add('queued');
      return queued(call, ids, { moment: place, random });
    case 'ready':
      return ready(call, ids, { moment: place, random });
    case 'confirming':
      return confirming(call, ids);
    case 'paused':
      return refuse(call, { kind: 'paused', retryAfterSeconds: PAUSED_RETRY_SECONDS, ...ids });
    case 'enter': {
      const { quantity, receipt } = wanted;
      const isPlain = wanted.ticket === undefined && wanted.againUlid === '';
      const follows = isPlain && place.follows !== '' ? place.follows : undefined;
      const forwarded = {
        quantity,
        ...(receipt === undefined ? {} : { receipt }),
        ...(follows === undefined ? {} : { follows: orderIdOf({ skuId, ulid: follows }) }),
      };
      return edge.forward({ skuId, activityId, userId, ulid, ticket, purchase: forwarded }, call);
    }
  }
}

type PlacedKind = Extract<Verdict, { place: Place }>['kind'];
