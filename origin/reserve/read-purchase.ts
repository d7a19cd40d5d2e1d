// What a forwarded purchase asks for, read from path, claims and body; or why it cannot be.
import type { FastifyRequest } from 'fastify';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import { forwardedPurchaseSchema } from '../../shared/purchase.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { isSkuId } from '../../shared/words.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { readBody } from '../orders/body.ts';
import type { Receipts } from '../orders/receipts.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import type { Purchase } from './reserver.ts';
import type { SeenSequences } from './seen.ts';

export type SkuRequest = FastifyRequest<{ Params: { skuId: string } }>;

export type ReadPurchase =
  | {
      readonly kind: 'purchase';
      readonly purchase: Purchase;
      readonly activity: ActivityRow;
      /** Set where the call only repeats what this order or the purchase's own has answered. */
      readonly follows: OrderIdParts | undefined;
    }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

export interface ReadPurchaseOptions {
  readonly registry: ActivityRegistry;
  /** Knows the activities that are closed, too. */
  readonly store: Pick<Store, 'findActivity'>;
  readonly receipts: Receipts;
  readonly seen: SeenSequences;
}

const RETRY_SECONDS = 1;
const refused = (refusal: Refusal): ReadPurchase => ({ kind: 'refused', refusal });
const malformed = (detail: string): ReadPurchase => refused({ kind: 'malformed', detail });

export async function readPurchase(
  request: SkuRequest,
  options: ReadPurchaseOptions,
): Promise<ReadPurchase> {
  const { skuId } = request.params;
  const { sub, orderId, activityId } = request.caller;
  if (!isSkuId(skuId)) return refused({ kind: 'unknown-sku' });
  const body = readBody(request, forwardedPurchaseSchema);
  if (body.kind === 'refused') return body;
  if (sub === undefined || orderId === undefined || activityId === undefined) {
    return malformed('The signed claims must name sub, orderId and activityId.');
  }
  const id = parseOrderId(orderId);
  if (id?.skuId !== skuId) return malformed('The order id is not of this item.');
  const { quantity, receipt, follows } = body.value;
  const followed = follows === undefined ? undefined : parseOrderId(follows);
  if (follows !== undefined && followed?.skuId !== skuId) {
    return malformed('The followed order is not of this item.');
  }
  if (receipt !== undefined && !takeReceipt(options, { text: receipt, userId: sub })) {
    return malformed('The receipt is not one of yours.');
  }
  const activity = await findActivity(options, { skuId, activityId });
  if (activity === 'unknown-sku') return refused({ kind: 'unknown-sku' });
  if (activity === 'unavailable') {
    return refused({ kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS });
  }
  const traceparent = sampledTrace(request.headers.traceparent);
  const purchase = { activityId, ulid: id.ulid, userId: sub, quantity, traceparent };
  return { kind: 'purchase', purchase, activity, follows: followed };
}

/** A receipt of the buyer's counts as a number seen. False when it is none of theirs. */
function takeReceipt(
  { receipts, seen }: ReadPurchaseOptions,
  { text, userId }: { readonly text: string; readonly userId: string },
): boolean {
  const receipt = receipts.read(text);
  if (receipt === undefined || receipt.userId !== userId) return false;
  seen.raise(receipt.activityId, receipt);
  return true;
}

/** Another instance may have made or loaded the activity a moment ago: before a no, the database is read. */
async function findActivity(
  { registry, store }: ReadPurchaseOptions,
  { skuId, activityId }: { readonly skuId: string; readonly activityId: string },
): Promise<ActivityRow | 'unknown-sku' | 'unavailable'> {
  const known = registry.byId(activityId);
  // Who forwarded this knows that it sells: another instance has loaded it a moment ago.
  const isBehind = known?.state === 'SCHEDULED';
  if (known?.skuId === skuId && !isBehind) return known;
  let closed: ActivityRow | undefined;
  try {
    await registry.refresh();
    if (registry.byId(activityId) === undefined) closed = await store.findActivity(activityId);
  } catch {
    return known?.skuId === skuId ? known : 'unavailable';
  }
  const found = registry.byId(activityId) ?? closed;
  if (found?.skuId === skuId) return found;
  return registry.current(skuId) === undefined ? 'unknown-sku' : 'unavailable';
}

/** A well-formed W3C traceparent whose sampled flag is set; others cost nothing downstream. */
function sampledTrace(header: string | string[] | undefined): string | undefined {
  const isSampled =
    typeof header === 'string' && /^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f][13579bdf]$/.test(header);
  return isSampled ? header : undefined;
}
