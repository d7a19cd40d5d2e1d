// The facts of an order as Redis keeps them and the outbox carries them: one line of text,
// `user quantity amount created-at pay-by epoch sequence` (FACTS of `lua/reserve.lua`).
import { isUserId } from '../../shared/words.ts';

export interface PackedOrder {
  readonly userId: string;
  readonly quantity: number;
  readonly amount: number;
  readonly createdAt: number;
  readonly payBy: number;
  readonly epoch: number;
  readonly seq: number;
}

const FORM = /^(\S+) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16}) (\d{1,16})$/;

/** The facts in a text, or undefined when it has another form. */
export function parsePackedOrder(text: string): PackedOrder | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const order: PackedOrder = {
    userId: parts[1] ?? '',
    quantity: Number(parts[2]),
    amount: Number(parts[3]),
    createdAt: Number(parts[4]),
    payBy: Number(parts[5]),
    epoch: Number(parts[6]),
    seq: Number(parts[7]),
  };
  return isPackedOrder(order) ? order : undefined;
}

/** Whether it can be kept as a text, and comes back the same. */
export const isPackedOrder = (order: PackedOrder): boolean =>
  isUserId(order.userId) && isSafe(order);

const isSafe = ({ quantity, amount, createdAt, payBy, epoch, seq }: PackedOrder): boolean =>
  Number.isSafeInteger(quantity) &&
  Number.isSafeInteger(amount) &&
  Number.isSafeInteger(createdAt) &&
  Number.isSafeInteger(payBy) &&
  Number.isSafeInteger(epoch) &&
  Number.isSafeInteger(seq);

export function packOrder(order: PackedOrder): string {
  const { userId, quantity, amount, createdAt, payBy, epoch, seq } = order;
  return [userId, quantity, amount, createdAt, payBy, epoch, seq].join(' ');
}
