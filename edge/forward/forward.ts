// An admitted purchase on its way to the origin. Whatever cannot be known becomes CONFIRMING: the
// order id makes the next try harmless.
import { orderIdOf } from '../../shared/order-id.ts';
import type { ForwardedPurchase } from '../../shared/purchase.ts';
import { refuse } from '../answer.ts';
import type { Call } from '../call.ts';
import { confirming, type PlaceIds } from '../queue/placed.ts';
import { isForCaller } from './ask-and-relay.ts';
import type { AskOrigin, OriginAnswer } from './origin.ts';
import { type JsonObject, readObject, readProblem, relay, relayProblem } from './relay.ts';

export interface Entry {
  readonly skuId: string;
  readonly activityId: string;
  readonly userId: string;
  readonly ulid: string;
  readonly ticket: string;
  readonly purchase: ForwardedPurchase;
}

export type Forwarded =
  | { readonly kind: 'answer'; readonly response: Response }
  /** All units are taken, and unpaid ones may return. */
  | { readonly kind: 'no-unit' };

export type Forward = (entry: Entry, call: Call) => Promise<Forwarded>;

const TIMEOUT_MS = 3_000;

export function createForward(askOrigin: AskOrigin): Forward {
  return async function forward(entry, call) {
    const { skuId, activityId, userId, ticket, purchase } = entry;
    const orderId = orderIdOf(entry);
    const place = { ticket, orderId };
    const answer = await askOrigin(
      {
        method: 'POST',
        path: `/api/seckill/${skuId}`,
        body: new TextEncoder().encode(JSON.stringify(purchase)),
        claims: { sub: userId, orderId, activityId },
        timeoutMs: TIMEOUT_MS,
      },
      call,
    );
    const problem = answer.kind === 'lost' ? undefined : readProblem(answer);
    if (problem?.type === '/problems/sold-out' && problem.unitsMayReturn === true) {
      return { kind: 'no-unit' };
    }
    return { kind: 'answer', response: responseTo(answer, { problem, call, place }) };
  };
}

function responseTo(
  answer: OriginAnswer,
  { problem, call, place }: { problem: JsonObject | undefined; call: Call; place: PlaceIds },
): Response {
  if (answer.kind === 'lost') return confirming(call, place);
  if (answer.status === 201 && readObject(answer) !== undefined) return relay(answer, call);
  if (problem !== undefined && isForCaller(answer.status)) {
    return relayProblem(answer, { problem, call, place });
  }
  if (answer.status === 202) return confirming(call, place);
  call.log({ event: 'origin answered oddly', level: 'error', detail: answer.status });
  // A refused signature was refused before anything was done; anything else is unknown.
  return answer.status === 401
    ? refuse(call, { kind: 'unavailable', retryAfterSeconds: 1, ...place })
    : confirming(call, place);
}
