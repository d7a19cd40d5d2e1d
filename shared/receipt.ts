// The form of a receipt: what a 201 proves, even to a Redis that lost it. Signing is the origin's.
// Text: `1.<payload>.<signature>`, both base64url; the payload is a JSON array in the order below.
import { parseOrderId } from './order-id.ts';
import { isUserId } from './words.ts';

export interface Receipt {
  readonly orderId: string;
  readonly activityId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly epoch: number;
  readonly seq: number;
  /** Epoch milliseconds of the reservation. */
  readonly createdAt: number;
}

export const RECEIPT_VERSION = '1';
export const RECEIPT_MAX_LENGTH = 1024;

export function receiptPayload(receipt: Receipt): string {
  const { orderId, activityId, userId, quantity, epoch, seq, createdAt } = receipt;
  return JSON.stringify([orderId, activityId, userId, quantity, epoch, seq, createdAt]);
}

/** The receipt in a payload whose signature has been checked, or undefined. */
export function parseReceiptPayload(payload: string): Receipt | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [orderId, activityId, userId, ...numbers]: unknown[] = parts;
  if (typeof orderId !== 'string' || !parseOrderId(orderId)) return undefined;
  if (typeof activityId !== 'string') return undefined;
  if (typeof userId !== 'string' || !isUserId(userId)) return undefined;
  const [quantity, epoch, seq, createdAt] = numbers.filter(isCount);
  if (quantity === undefined || epoch === undefined) return undefined;
  if (seq === undefined || createdAt === undefined) return undefined;
  return { orderId, activityId, userId, quantity, epoch, seq, createdAt };
}

const isCount = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
