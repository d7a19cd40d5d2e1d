// A purchase at the edge: its stages in the order in which the contract lets refusals win. Every stage
// passes or refuses; what passes all of them stands in the line.
import { mintUlid } from '../shared/order-id.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../shared/purchase.ts';
import type { Refusal } from '../shared/refusal.ts';
import type { SaleStatus } from '../shared/sale-status.ts';
import { refuse } from './answer.ts';
import { parsePurchase } from './body/parse-purchase.ts';
import { readBody } from './body/read-body.ts';
import type { Call } from './call.ts';
import type { Edge } from './edge.ts';
import { meetPolicy, refuseFullDevice } from './policy/meet-policy.ts';
import { meetVisitor } from './policy/visitor.ts';
import { answerVerdict } from './queue/answer-verdict.ts';
import { showTicket, withPlace } from './queue/shown-ticket.ts';
import { meetSale } from './sale/meet-sale.ts';
import { checkTicket } from './ticket/check-ticket.ts';
import { leafOf } from './ticket/entry-receipt.ts';

const CLOSED_RETRY_SECONDS = 30;

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
  // Whoever showed a ticket keeps it through what cannot be decided now.
  const shown = await showTicket(edge, wanted.ticket, { userId, skuId });
  const refuseHolder = (refusal: Refusal) => refuse(call, withPlace(refusal, shown));

  if (edge.settings.isClosed) {
    return refuseHolder({ kind: 'paused', retryAfterSeconds: CLOSED_RETRY_SECONDS });
  }

  const userKey = await edge.userKeyOf(userId);
  const visitor = await meetVisitor(edge, call, { skuId, userKey, userId });
  const met = await meetSale(edge, call, { visitor, shown: shown?.ticket }); // 404, 429, 409, 503
  if (met.kind === 'refuse') return refuseHolder(met.refusal);
  const isSelling = edge.known.current(call)?.isSelling ?? true;
  if (!isSelling && !(met.kind === 'pass' && met.hasEntered)) {
    return refuseHolder({ kind: 'paused', retryAfterSeconds: CLOSED_RETRY_SECONDS });
  }
  edge.counts.add('l1');
  const policed = await meetPolicy(edge, call, { visitor, met }); // 403
  if (policed.kind === 'refuse') return refuseHolder(policed.refusal);
  edge.counts.add('l2');
  edge.counts.add('l3');
  const { status } = policed.met.sale;
  const { activityId } = status;

  const userHash = await edge.userHashOf({ userId, activityId });
  const checked = await checkTicket(edge.tickets, wanted.ticket, { skuId, activityId, userHash });
  if (checked.kind === 'refuse') return refuse(call, checked.refusal); // 409 ticket-invalid

  const freshUlid = mintUlid(Date.now());
  const verdict = await edge.admit({
    skuId,
    activityId,
    userKey,
    freshUlid,
    againUlid: wanted.againUlid,
    ticket: checked.ticket,
    room: policed.room,
    joinable: isJoinable(status),
    leaf: status.draw === null ? undefined : leafOf(userHash),
  });
  if (verdict.kind === 'device-full') {
    return refuse(call, await refuseFullDevice(edge, { visitor, met: policed.met })); // 403
  }
  const buyer = { userId, userHash, skuId, wanted, sale: policed.met.sale, freshUlid, shown };
  return answerVerdict(edge, call, { verdict, buyer });
}

/** A document that has not seen the start yet knows nothing of the line: the script decides. */
const isJoinable = ({ state, joinable }: SaleStatus): boolean => state !== 'RUNNING' || joinable;
