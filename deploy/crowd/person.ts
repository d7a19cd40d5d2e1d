// A person at the sale: presses "buy" around the start, waits as told, lets the page enter at the
// turn, repeats what got no clear answer, and goes home when there is nothing left to hope for.
import { setTimeout as pause } from 'node:timers/promises';
import type { Confirmed, PersonEnd, PersonOutcome } from './outcome.ts';
import type { Random } from './random.ts';
import { type Answer, numberIn, slugOf, textIn, type Wire } from './wire.ts';

export interface PersonPlan {
  readonly edge: string;
  readonly skuId: string;
  readonly userId: string;
  readonly token: string;
  readonly address: string;
  /** Epoch ms at which this person first presses "buy". */
  readonly arrivesAt: number;
  readonly givesUpAt: number;
  readonly random: Random;
  readonly wire: Wire;
  onConfirmed(order: Confirmed): void;
  onPurchaseMs(ms: number): void;
  onTicket(ticket: string): void;
  onState(state: 'asking' | 'waiting'): void;
}

const SHARE_OF_IMPATIENT = 0.05;
const UNDECIDED = new Set(['paused', 'busy', 'fenced', 'unavailable', 'line-full']);
const FINAL: Readonly<Record<string, PersonEnd>> = {
  'sold-out': 'sold-out',
  ended: 'ended',
  'limit-reached': 'limit-reached',
  'challenge-required': 'challenged',
  refused: 'refused',
};

export async function runPerson(plan: PersonPlan): Promise<PersonOutcome> {
  const { userId, random } = plan;
  const unfair: string[] = [];
  let hasWaited = false;
  let ticket: string | undefined;
  const outcome = (end: PersonEnd): PersonOutcome => ({ userId, end, unfair, hasWaited });

  await pause(Math.max(0, plan.arrivesAt - Date.now()));
  plan.onState('asking');
  while (Date.now() < plan.givesUpAt) {
    const answer = await press(plan, ticket);
    const slug = slugOf(answer);
    ticket = textIn(answer, 'ticket') ?? ticket;
    if (answer.status === 201) return outcome('bought');
    const end = FINAL[slug];
    if (end !== undefined) return outcome(end);
    if (answer.status === 202 && ticket !== undefined) {
      plan.onTicket(ticket);
      hasWaited = true;
      plan.onState('waiting');
      await untilCalled(plan, { answer, ticket });
    } else if (slug === 'not-open') {
      const opensAt = Date.parse(textIn(answer, 'opensAt') ?? '');
      await pause(Math.max(0, opensAt - Date.now()) + random.below(300));
    } else if (answer.status === 0 || UNDECIDED.has(slug)) {
      await pause(1_000 * answer.retryAfterSeconds + random.below(500));
    } else {
      unfair.push(`${answer.status} ${slug}`);
      if (answer.status !== 429) return outcome('refused');
      await pause(1_000 * answer.retryAfterSeconds + random.below(500));
    }
  }
  return outcome('gave-up');
}

/** One press of the button; the impatient press twice at once, which must change nothing. */
async function press(plan: PersonPlan, ticket: string | undefined): Promise<Answer> {
  if (plan.random.next() >= SHARE_OF_IMPATIENT) return purchase(plan, ticket);
  const [one, other] = await Promise.all([purchase(plan, ticket), purchase(plan, ticket)]);
  return rank(one) <= rank(other) ? one : other;
}

/** The answer that a person would go by when two came. */
function rank({ status }: Answer): number {
  const order = [201, 202, 503, 409];
  return order.includes(status) ? order.indexOf(status) : order.length;
}

async function purchase(plan: PersonPlan, ticket: string | undefined): Promise<Answer> {
  const { edge, skuId, token, address, userId } = plan;
  const answer = await plan.wire.send({
    url: `${edge}/api/seckill/${skuId}`,
    body: JSON.stringify(ticket === undefined ? {} : { ticket }),
    token,
    address,
  });
  plan.onPurchaseMs(answer.ms);
  const orderId = textIn(answer, 'orderId');
  if (answer.status === 201 && orderId !== undefined) {
    plan.onConfirmed({ userId, orderId, quantity: numberIn(answer, 'quantity') ?? 0 });
  }
  return answer;
}

/** Polls as the answers tell until the place is called or the poll says that it will not be. */
async function untilCalled(
  plan: PersonPlan,
  first: { answer: Answer; ticket: string },
): Promise<void> {
  let { answer } = first;
  while (Date.now() < plan.givesUpAt) {
    await pause(1_000 * (numberIn(answer, 'pollAfterSeconds') ?? 1));
    if (textIn(answer, 'state') !== 'QUEUED') return;
    const url = `${plan.edge}/api/seckill/queue/${encodeURIComponent(first.ticket)}`;
    answer = await plan.wire.send({ url, address: plan.address });
    const state = textIn(answer, 'state');
    if (answer.status === 200 && state !== 'QUEUED') return;
  }
}
