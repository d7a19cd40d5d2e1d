// POST /api/receipts: a buyer shows what a 201 gave. An order that a failure lost is reserved again
// under its id if a unit is free, else recorded CANCELLED, so that its buyer can read what became of it.
import { parseOrderId } from '../../shared/order-id.ts';
import type { Receipt } from '../../shared/receipt.ts';
import type { Caller } from '../caller.ts';
import {
  FENCED,
  type OrderAnswer,
  type OrderCallParts,
  refused,
  shown,
  UNAVAILABLE,
  UNKNOWN_ORDER,
  whileAway,
} from './order-calls.ts';
import type { PackedOrder } from './packed-order.ts';

const NOT_OURS = refused({
  kind: 'malformed',
  detail: 'The receipt is none of ours.',
  errors: [{ pointer: '/receipt', code: 'invalid', detail: 'Must be a receipt of a 201.' }],
});

export function showReceipt(
  parts: OrderCallParts,
  caller: Caller,
  text: string,
): Promise<OrderAnswer> {
  const receipt = parts.receipts.read(text);
  const id = receipt && parseOrderId(receipt.orderId);
  if (receipt === undefined || id === undefined) return Promise.resolve(NOT_OURS);
  if (caller.sub !== receipt.userId) return Promise.resolve(UNKNOWN_ORDER);
  return whileAway(async () => {
    const found = await parts.find(id);
    if (found.kind === 'unsure') return FENCED;
    return found.kind === 'order' ? shown(parts, found) : recover(parts, receipt, id.skuId);
  });
}

async function recover(
  parts: OrderCallParts,
  receipt: Receipt,
  skuId: string,
): Promise<OrderAnswer> {
  const { activityId, orderId } = receipt;
  const answer = await parts.inventory.recover({ ...receipt, as: 'PENDING' });
  const currency = (await parts.store.findActivity(activityId))?.currency;
  if (currency === undefined) return UNKNOWN_ORDER;
  const view = (order: PackedOrder, facts: Pick<Facts, 'status' | 'reason'>): OrderAnswer =>
    shown(parts, {
      order: { ...order, ...facts, orderId, activityId, skuId, currency },
      isPersisted: false,
    });
  switch (answer.kind) {
    case 'recovered':
      return view(answer.order, { status: 'PENDING', reason: null });
    case 'known':
      return view(answer.order, { status: answer.status, reason: null });
    case 'lost':
      return view(answer.order, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' });
    case 'fenced':
      return FENCED;
    case 'not-loaded':
      return recordLost(parts, receipt);
    default:
      return UNAVAILABLE;
  }
}

/** The sale is over and its keys are gone: the order is, too, and its buyer can read why. */
async function recordLost(parts: OrderCallParts, receipt: Receipt): Promise<OrderAnswer> {
  const order = await parts.store.recordLost({ order: receipt, now: Date.now() });
  return order === undefined ? UNAVAILABLE : shown(parts, { order, isPersisted: true });
}

type Facts = Parameters<typeof shown>[1]['order'];
