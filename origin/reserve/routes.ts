// POST /api/seckill/:skuId behind the edge's signature: one purchase of one admitted buyer.
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { OrderIdParts } from '../../shared/order-id.ts';
import { BUYER_BODY_LIMIT_BYTES } from '../../shared/purchase.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { FindOrder } from '../orders/find-order.ts';
import { mayBeForgotten } from '../orders/forgotten.ts';
import type { KnownOrder } from '../orders/known-order.ts';
import { type OrderView, reservedView } from '../orders/order-view.ts';
import { paymentUrlOf } from '../orders/payment-url.ts';
import type { PaymentGateway } from '../payments/gateway.ts';
import { sendRefusal } from '../reply.ts';
import type { ActivityRow } from '../store/store.ts';
import type { HeldUnits } from './held-units.ts';
import { type ReadPurchaseOptions, readPurchase, type SkuRequest } from './read-purchase.ts';
import type { Purchase, ReserveOutcome, Reserver } from './reserver.ts';

type FindKnown = (parts: OrderIdParts) => Promise<KnownOrder | undefined>;

export interface ReserveRouteOptions extends ReadPurchaseOptions {
  readonly reserver: Reserver;
  /** The order as Redis knows it; undefined when it does not, or cannot be asked. */
  readonly findKnown: FindKnown;
  /** The order as the database knows it, where Redis does not any more. */
  readonly find: FindOrder;
  /** Order ids of a user that hold units, for `limit-reached`; empty when they cannot be had. */
  readonly ordersOfUser: (of: {
    readonly activityId: string;
    readonly userId: string;
  }) => Promise<readonly string[]>;
  readonly gateway: PaymentGateway;
  readonly heldUnits: HeldUnits;
  /** False: nothing new is sold; orders that exist are answered. */
  readonly isSelling: () => boolean;
  readonly onOutcome: (kind: ReserveOutcome['kind']) => void;
}

const RETRY_SECONDS = 1;

export function registerReserveRoutes(app: FastifyInstance, options: ReserveRouteOptions): void {
  app.post(
    '/api/seckill/:skuId',
    { bodyLimit: BUYER_BODY_LIMIT_BYTES },
    async (request: SkuRequest, reply) => {
      const read = await readPurchase(request, options);
      if (read.kind === 'refused') return sendRefusal(request, reply, read.refusal);
      const { activity, follows } = read;
      const isOver = activity.state === 'CLOSING' || activity.state === 'CLOSED';
      const isSelling = options.isSelling() && !isOver;
      const isOld = mayBeForgotten((follows ?? read.purchase).ulid, activity);
      const isFresh = isSelling && !isOld;
      const own = isFresh ? undefined : { skuId: activity.skuId, ulid: read.purchase.ulid };
      const repeats = follows ?? own;
      const findKnown = isOver || isOld ? inDatabase(options) : options.findKnown;
      const repeated = repeats && (await findRepeated(findKnown, read.purchase, repeats));
      const { purchase, outcome } = repeated ?? {
        purchase: read.purchase,
        outcome: isSelling
          ? await options.reserver.reserve(read.purchase)
          : { kind: isOver ? 'ended' : 'paused' },
      };
      options.onOutcome(outcome.kind);
      return answer(options, { request, reply, purchase, activity, outcome });
    },
  );
}

const inDatabase =
  ({ find }: ReserveRouteOptions): FindKnown =>
  async (parts) => {
    const found = await find(parts);
    return found.kind === 'order' ? { status: found.order.status, order: found.order } : undefined;
  };

/** Of a purchase that follows another, the later order that exists. */
async function findRepeated(
  findKnown: FindKnown,
  purchase: Purchase,
  follows: OrderIdParts,
): Promise<Pick<Answering, 'purchase' | 'outcome'> | undefined> {
  for (const ulid of [purchase.ulid, follows.ulid]) {
    const known = await findKnown({ skuId: follows.skuId, ulid });
    if (known !== undefined) {
      return { purchase: { ...purchase, ulid }, outcome: { kind: 'known', ...known } };
    }
  }
  return undefined;
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
    case 'sold-out':
      return sendSoldOut(options, answering, outcome);
    case 'ambiguous':
      return reply.code(202).send({
        ...{ state: 'CONFIRMING', orderId: `${activity.skuId}-${purchase.ulid}` },
        pollAfterSeconds: RETRY_SECONDS,
      });
    default:
      return sendRefusal(request, reply, refusalOf(outcome, activity));
  }
}

function sendReserved(
  { receipts, gateway }: ReserveRouteOptions,
  { reply, purchase, activity }: Answering,
  { status, order }: Pick<Extract<ReserveOutcome, { kind: 'known' }>, 'status' | 'order'>,
): FastifyReply {
  const { skuId, activityId, currency } = activity;
  const { quantity, amount, payBy } = order;
  const orderId = `${skuId}-${purchase.ulid}`;
  const view: OrderView = { orderId, skuId, status, quantity, amount, currency, payBy };
  const receipt = receipts.sign({ orderId, activityId, ...order });
  const payable = { ...order, ...view, activityId };
  const paymentUrl = paymentUrlOf({ gateway, receipts }, payable, receipt);
  // Whoever holds it sees later whether the sale's ledger was written anew.
  const { ledgerHead } = activity.applied;
  const proof = { receipt, ...(ledgerHead === null ? {} : { ledgerHead }) };
  return reply.code(201).send({ ...reservedView(view, paymentUrl), ...proof });
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

async function sendSoldOut(
  { heldUnits }: ReserveRouteOptions,
  { request, reply, activity }: Answering,
  outcome: Extract<ReserveOutcome, { kind: 'sold-out' }>,
): Promise<FastifyReply> {
  const unitsMayReturn = outcome.unitsMayReturn && (await heldUnits.mayReturn(activity));
  return sendRefusal(request, reply, { kind: 'sold-out', unitsMayReturn });
}

type Refused = Exclude<
  ReserveOutcome,
  { kind: 'reserved' | 'known' | 'limit-reached' | 'sold-out' | 'ambiguous' }
>;

function refusalOf(outcome: Refused, activity: ActivityRow): Refusal {
  switch (outcome.kind) {
    case 'not-open':
      return { kind: 'not-open', opensAt: activity.startAt, serverTime: Date.now() };
    case 'ended':
    case 'lapsed':
      return { kind: outcome.kind };
    case 'paused':
    case 'fenced':
    case 'busy':
      return { kind: outcome.kind, retryAfterSeconds: RETRY_SECONDS };
    case 'not-loaded':
    case 'away':
      return { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS };
  }
}
