// Refusals and reasons as a buyer would put them.
import type { Refused } from './answers.ts';

const REFUSALS: Readonly<Record<string, string>> = {
  'rate-limited': 'A lot is coming from your network. Slowing down and trying again.',
  paused: 'The sale is paused. Your place is kept.',
  busy: 'It is very busy. Trying again by itself.',
  fenced: 'Stock is being checked. Trying again by itself.',
  unavailable: 'The shop does not answer right now. Trying again by itself.',
  'no-answer': 'No connection. Trying again by itself.',
  'line-full': 'The line is full at the moment. Trying again by itself.',
  'ticket-invalid': 'This place in line is not yours or not for this sale.',
  lapsed: 'Earlier orders of yours in this sale were not paid in time.',
  'challenge-required': 'The check that you are a person did not get through. Try it once more.',
  'not-found': 'The shop does not offer this here.',
};

const REASONS: Readonly<Record<string, string>> = {
  CANCELLED_BY_BUYER: 'You cancelled it.',
  EXPIRED: 'It was not paid in time.',
  REFUNDED: 'It was refunded.',
  REFUND_DUE: 'A refund is on its way.',
  OVERSOLD_GUARD: 'There was no unit left for it.',
  FENCED: 'It was undone while stock was checked.',
  LOST_IN_FAILURE: 'A failure lost it.',
};

const MINUTES_FROM_SECONDS = 90;

export function plainRefusal({ slug, problem }: Refused): string {
  return REFUSALS[slug] ?? (problem.detail || 'That did not work.');
}

export function plainReason(reason: string | undefined): string {
  return REASONS[reason ?? ''] ?? 'It was cancelled.';
}

/** "12 seconds", "about 3 minutes": no more digits than anybody can promise. */
export function plainWait(seconds: number): string {
  if (seconds < 1.5) return 'a second';
  if (seconds < MINUTES_FROM_SECONDS) return `${Math.round(seconds)} seconds`;
  return `about ${Math.round(seconds / 60)} minutes`;
}

/** "5 to 8 seconds", "2 to 4 minutes"; what rounds to one number is said once. */
export function plainRange([low, high]: readonly [number, number]): string {
  const isMinutes = high >= MINUTES_FROM_SECONDS;
  const [from, to] = [low, high].map((wait) => Math.round(isMinutes ? wait / 60 : wait));
  if (from === to) return plainWait(high);
  return `${from} to ${to} ${isMinutes ? 'minutes' : 'seconds'}`;
}

/** "1:02:03", "02:03". */
export function clockText(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, rest] = [Math.floor(seconds / 3600), seconds % 3600];
  const minutes = `${two(Math.floor(rest / 60))}:${two(rest % 60)}`;
  return hours > 0 ? `${hours}:${minutes}` : minutes;
}

/** An amount in minor units as the buyer's language writes it. */
export function moneyText(money: { amount: number; currency: string }): string {
  const format = new Intl.NumberFormat(undefined, { style: 'currency', currency: money.currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  return format.format(money.amount / 10 ** digits);
}
