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
  const [, userId = '', ...texts] = parts;
  const numbers = texts.map(Number);
  if (!isUserId(userId) || !numbers.every(Number.isSafeInteger)) return undefined;
  const [quantity = 0, amount = 0, createdAt = 0, payBy = 0, epoch = 0, seq = 0] = numbers;
  return { userId, quantity, amount, createdAt, payBy, epoch, seq };
}

export function packOrder(order: PackedOrder): string {
  const { userId, quantity, amount, createdAt, payBy, epoch, seq } = order;
  return [userId, quantity, amount, createdAt, payBy, epoch, seq].join(' ');
}
