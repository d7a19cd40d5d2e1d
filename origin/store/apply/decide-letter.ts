// What an operator decides about a dead letter, by the writer's own rules. An order's letters go
// together, in the order of their numbers: the later ones waited with the first.
import * as v from 'valibot';
import { type OrderEvent, orderEventSchema } from '../../../shared/order-event.ts';
import type { CancelReason, OrderStatus } from '../../../shared/words.ts';
import type { DecidableLetter } from '../dead-letter-port.ts';
import { faultOf } from './fault.ts';
import { fence, project } from './project.ts';
import type { BatchPlan, BatchView } from './view.ts';
import { enter, planOf, startWork, type Work } from './work.ts';

export type LetterPlan =
  | { readonly kind: 'plan'; readonly plan: BatchPlan }
  | { readonly kind: 'unwritable'; readonly why: string };

const unwritable = (why: string): LetterPlan => ({ kind: 'unwritable', why });

/** Undefined where the letter's text is no event. */
export function eventOf({ text }: Pick<DecidableLetter, 'text'>): OrderEvent | undefined {
  try {
    const result = v.safeParse(orderEventSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}

/** `status`: what Redis says of the order now. Where that is CANCELLED, no unit is taken. */
export function planReplay(
  view: BatchView,
  letters: readonly DecidableLetter[],
  status: OrderStatus | null,
): LetterPlan {
  const events = letters.flatMap((letter) => eventOf(letter) ?? []);
  const [first, ...later] = events;
  if (first === undefined || events.length < letters.length) return unwritable('is no event');
  const activity = view.activities.get(first.activityId);
  if (activity === undefined) return unwritable('is of an activity that was never loaded');
  const fault = events.map(faultOf).find((one) => one !== undefined);
  if (fault !== undefined) return unwritable(fault);
  if (first.order === undefined) return unwritable('is about no order: the leader repeats it');

  const work = startWork({ ...view, deadOrders: new Set(), heldOrders: new Set() });
  const running = work.activities.get(first.activityId);
  if (running === undefined) return unwritable('is of an activity that was never loaded');
  const isGone = first.type === 'reserved' && status === 'CANCELLED';
  const obstacle = isGone
    ? recordCancelled(work, first, reasonOf(later, first))
    : project(work, running, first);
  if (obstacle !== undefined) return unwritable(obstacle);
  note(work, first);
  for (const event of later) {
    const refused = project(work, running, event);
    if (refused !== undefined) return unwritable(refused);
    note(work, event);
  }
  return { kind: 'plan', plan: planOf(work) };
}

/** Nothing is written but the ledger's lines: what was dead stays dead. */
export function planDiscard(view: BatchView, letters: readonly DecidableLetter[]): BatchPlan {
  const work = startWork(view);
  for (const letter of letters) {
    const event = eventOf(letter);
    if (event !== undefined && view.activities.has(event.activityId)) {
      enter(work, event, 'discarded');
    }
  }
  return planOf(work);
}

function recordCancelled(work: Work, event: OrderEvent, reason: CancelReason): string | undefined {
  fence(work, event);
  const row = work.orders.get(event.order?.orderId ?? '');
  if (row?.reason === 'FENCED') row.reason = reason;
  return undefined;
}

/** Why Redis has ended it: its own event where that waited too, else its unpaid time. */
function reasonOf(later: readonly OrderEvent[], { order }: OrderEvent): CancelReason {
  const ended = later.find(({ type }) => type === 'cancelled')?.order?.reason;
  const isOverdue = (order?.payBy ?? 0) < Date.now();
  return ended ?? (isOverdue ? 'EXPIRED' : 'CANCELLED_BY_BUYER');
}

/** The line says what became of the order: a reservation with a reason holds no units. */
function note(work: Work, event: OrderEvent): void {
  const { order } = event;
  const row = work.orders.get(order?.orderId ?? '');
  const reason = row?.reason ?? undefined;
  const told = order === undefined ? {} : { order: { ...order, reason } };
  enter(work, { ...event, ...told }, 'replayed');
}
