// POST /api/seckill/:skuId behind the edge's signature: one purchase of one admitted buyer.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseOrderId } from '../../shared/order-id.ts';
import { BUYER_BODY_LIMIT_BYTES, forwardedPurchaseSchema } from '../../shared/purchase.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { isSkuId } from '../../shared/words.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { readBody } from '../orders/body.ts';
import { type OrderView, reservedView } from '../orders/order-view.ts';
import type { Receipts } from '../orders/receipts.ts';
import { sendRefusal } from '../reply.ts';
import type { ActivityRow } from '../store/store.ts';
import type { Purchase, ReserveOutcome, Reserver } from './reserver.ts';
import type { SeenSequences } from './seen.ts';

export interface ReserveRouteOptions {
  readonly registry: ActivityRegistry;
  readonly reserver: Reserver;
  readonly receipts: Receipts;
  readonly seen: SeenSequences;
  /** Order ids of a user that hold units, for `limit-reached`; empty when they cannot be had. */
  readonly ordersOfUser: (of: {
    readonly activityId: string;
    readonly userId: string;
  }) => Promise<readonly string[]>;
  readonly onOutcome: (kind: ReserveOutcome['kind']) => void;
}

type SkuRequest = FastifyRequest<{ Params: { skuId: string } }>;
const RETRY_SECONDS = 1;

export function registerReserveRoutes(app: FastifyInstance, options: ReserveRouteOptions): void {
  app.post(
    '/api/seckill/:skuId',
    { bodyLimit: BUYER_BODY_LIMIT_BYTES },
    async (request: SkuRequest, reply) => {
      const read = readPurchase(request, options);
      if (read.kind === 'refused') return sendRefusal(request, reply, read.refusal);
      const { purchase, activity } = read;
      const outcome = await options.reserver.reserve(purchase);
      options.onOutcome(outcome.kind);
      return answer(options, { request, reply, purchase, activity, outcome });
    },
  );
}

type ReadPurchase =
  | { readonly kind: 'purchase'; readonly purchase: Purchase; readonly activity: ActivityRow }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const refused = (refusal: Refusal): ReadPurchase => ({ kind: 'refused', refusal });

function readPurchase(request: SkuRequest, options: ReserveRouteOptions): ReadPurchase {
  const { skuId } = request.params;
  const { sub, orderId, activityId } = request.caller;
  if (!isSkuId(skuId)) return refused({ kind: 'unknown-sku' });
  if (sub === undefined || orderId === undefined || activityId === undefined) {
    return refused({ kind: 'forbidden' });
  }
  const body = readBody(request, forwardedPurchaseSchema);
  if (body.kind === 'refused') return body;
  const id = parseOrderId(orderId);
  if (id?.skuId !== skuId) {
    return refused({ kind: 'malformed', detail: 'The order id is not of this item.' });
  }
  const activity = options.registry.byId(activityId);
  if (activity === undefined || activity.skuId !== skuId) {
    return refused({ kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS });
  }
  if (body.value.receipt !== undefined) {
    const receipt = options.receipts.read(body.value.receipt);
    if (receipt === undefined || receipt.userId !== sub) {
      return refused({ kind: 'malformed', detail: 'The receipt is not one of yours.' });
    }
    options.seen.raise(receipt.activityId, receipt);
  }
  const traceparent = sampledTrace(request.headers.traceparent);
  const purchase: Purchase = {
    activityId,
    ulid: id.ulid,
    userId: sub,
    quantity: body.value.quantity,
    traceparent,
  };
  return { kind: 'purchase', purchase, activity };
}

/** A well-formed W3C traceparent whose sampled flag is set; others cost nothing downstream. */
function sampledTrace(header: string | string[] | undefined): string | undefined {
  const isSampled =
    typeof header === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]$/.test(header);
  return isSampled ? header : undefined;
}

interface Answering {
  readonly request: SkuRequest;
  readonly reply: FastifyReply;
  readonly purchase: Purchase;
  readonly activity: ActivityRow;
  readonly outcome: ReserveOutcome;
}

function answer(options: ReserveRouteOptions, answering: Answering) {
  const { request, reply, purchase, activity, outcome } = answering;
  switch (outcome.kind) {
    case 'reserved':
      return sendReserved(options, answering, { status: 'PENDING', order: outcome.order });
    case 'known':
      // An order id is minted for one user; another's shows that somebody mixed up claims.
      if (outcome.order.userId !== purchase.userId) {
        return sendRefusal(request, reply, { kind: 'unknown-order', showReceipt: false });
      }
      return sendReserved(options, answering, outcome);
    case 'limit-reached':
      return sendLimit(options, answering);
    case 'ambiguous':
      return reply.code(202).send({ state: 'CONFIRMING', pollAfterSeconds: RETRY_SECONDS });
    default:
      return sendRefusal(request, reply, refusalOf(outcome, activity));
  }
}

function sendReserved(
  { receipts }: ReserveRouteOptions,
  { reply, purchase, activity }: Answering,
  { status, order }: Pick<Extract<ReserveOutcome, { kind: 'known' }>, 'status' | 'order'>,
): FastifyReply {
  const { skuId, activityId, currency } = activity;
  const { quantity, amount, payBy } = order;
  const orderId = `${skuId}-${purchase.ulid}`;
  const view: OrderView = { orderId, skuId, status, quantity, amount, currency, payBy };
  const receipt = receipts.sign({ orderId, activityId, ...order });
  return reply.code(201).send({ ...reservedView(view), receipt });
}

async function sendLimit(
  { ordersOfUser }: ReserveRouteOptions,
  { request, reply, purchase, activity }: Answering,
): Promise<FastifyReply> {
  const { activityId, userId } = purchase;
  const orders = await ordersOfUser({ activityId, userId });
  return sendRefusal(request, reply, {
    kind: 'limit-reached',
    limit: activity.limitPerUser,
    orders,
  });
}

type Refused = Exclude<
  ReserveOutcome,
  { kind: 'reserved' | 'known' | 'limit-reached' | 'ambiguous' }
>;

function refusalOf(outcome: Refused, activity: ActivityRow): Refusal {
  switch (outcome.kind) {
    case 'sold-out':
      return { kind: 'sold-out', unitsMayReturn: false };
    case 'not-open':
      return { kind: 'not-open', opensAt: activity.startAt, serverTime: Date.now() };
    case 'ended':
      return { kind: 'ended' };
    case 'paused':
    case 'fenced':
    case 'busy':
      return { kind: outcome.kind, retryAfterSeconds: RETRY_SECONDS };
    case 'not-loaded':
    case 'away':
      return { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS };
  }
}
