// A person at the sale: opens the page, whose script shows the device; presses "buy" around the
// start, waits as told, lets the page enter at the turn, repeats what got no clear answer, solves what
// is asked for, and goes home when there is nothing left to hope for.
import { setTimeout as pause } from 'node:timers/promises';
import { drawInput } from './input.ts';
import type { Confirmed, PersonEnd, PersonOutcome } from './outcome.ts';
import type { Random } from './random.ts';
import { challengeIn } from './solve-proof.ts';
import { openPage, pageCall, showDevice, type Visitor } from './visitor.ts';
import { type Answer, type Call, numberIn, slugOf, textIn } from './wire.ts';

export interface PersonPlan extends Visitor {
  readonly userId: string;
  /** Epoch ms at which this person opens the page, and first presses "buy". */
  readonly opensAt: number;
  readonly arrivesAt: number;
  readonly givesUpAt: number;
  readonly random: Random;
  onConfirmed(order: Confirmed): void;
  onPurchaseMs(ms: number): void;
  onTicket(ticket: string): void;
  onState(state: 'asking' | 'waiting'): void;
}

const SHARE_OF_IMPATIENT = 0.05;
const LOOKS_AROUND_MS = { least: 300, spread: 700 };
const AFTER_START_MS = { least: 300, spread: 500 };
/** As often the page solves what it is asked before it asks the person to come back. */
const MOST_CHECKS = 3;
const UNDECIDED = new Set(['paused', 'busy', 'fenced', 'unavailable', 'line-full']);
const FINAL: Readonly<Record<string, PersonEnd>> = {
  'sold-out': 'sold-out',
  ended: 'ended',
  'limit-reached': 'limit-reached',
};

/** What a person's page keeps. */
interface Page {
  readonly openedAt: number;
  readonly token: string | undefined;
  deviceToken: string | undefined;
  ticket: string | undefined;
}

export async function runPerson(plan: PersonPlan): Promise<PersonOutcome> {
  const { userId, random } = plan;
  const unfair: string[] = [];
  const met = { line: false, challenge: false, refusal: false };
  let checks = 0;
  const outcome = (end: PersonEnd): PersonOutcome => ({ userId, end, unfair, met });

  const page = await arrive(plan);
  plan.onState('asking');
  while (Date.now() < plan.givesUpAt) {
    const answer = await press(plan, page);
    const slug = slugOf(answer);
    page.ticket = textIn(answer, 'ticket') ?? page.ticket;
    if (answer.status === 201) return outcome('bought');
    const end = FINAL[slug];
    if (end !== undefined) return outcome(end);
    if (answer.status === 202 && page.ticket !== undefined) {
      plan.onTicket(page.ticket);
      met.line = true;
      plan.onState('waiting');
      await untilCalled(plan, { answer, ticket: page.ticket });
    } else if (slug === 'challenge-required' || slug === 'refused') {
      if (page.deviceToken !== undefined) met[slug === 'refused' ? 'refusal' : 'challenge'] = true;
      checks += 1;
      if (checks > MOST_CHECKS) return outcome(slug === 'refused' ? 'refused' : 'challenged');
      await show(plan, page, answer);
    } else if (slug === 'not-open') {
      const opensAt = Date.parse(textIn(answer, 'opensAt') ?? '');
      const { least, spread } = AFTER_START_MS;
      await pause(Math.max(0, opensAt - Date.now()) + least + random.below(spread));
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

/** The page is opened, shows the device, and the button is pressed when the time has come. */
async function arrive(plan: PersonPlan): Promise<Page> {
  await pause(Math.max(0, plan.opensAt - Date.now()));
  const token = await openPage(plan);
  const page: Page = { openedAt: Date.now(), token, deviceToken: undefined, ticket: undefined };
  const { least, spread } = LOOKS_AROUND_MS;
  await pause(least + plan.random.below(spread));
  await show(plan, page);
  await pause(Math.max(0, plan.arrivesAt - Date.now()));
  return page;
}

/** With the challenge of that answer, or a fresh one; without a token the next press is asked. */
async function show(plan: PersonPlan, page: Page, asked?: Answer): Promise<void> {
  const dwellMs = Date.now() - page.openedAt;
  const input = drawInput(plan.random, { hasMouse: plan.browser.hasMouse, dwellMs });
  const challenge = challengeIn(asked?.body.challenge);
  const shown = await showDevice(plan, { call: pageCall(plan, page.token), input, challenge });
  page.deviceToken = shown.kind === 'shown' ? shown.deviceToken : undefined;
}

/** One press of the button; the impatient press twice at once, which must change nothing. */
async function press(plan: PersonPlan, page: Page): Promise<Answer> {
  if (plan.random.next() >= SHARE_OF_IMPATIENT) return purchase(plan, page);
  const [one, other] = await Promise.all([purchase(plan, page), purchase(plan, page)]);
  return rank(one) <= rank(other) ? one : other;
}

/** The answer that a person would go by when two came. */
function rank({ status }: Answer): number {
  const order = [201, 202, 503, 409];
  return order.includes(status) ? order.indexOf(status) : order.length;
}

async function purchase(plan: PersonPlan, page: Page): Promise<Answer> {
  const { edge, skuId, userId } = plan;
  const { ticket, deviceToken } = page;
  const call = pageCall(plan, page.token);
  const headers = { ...call.headers, ...(deviceToken && { 'x-device-token': deviceToken }) };
  const body = JSON.stringify(ticket === undefined ? {} : { ticket });
  const wanted: Call = { ...call, headers, url: `${edge}/api/seckill/${skuId}`, body };
  const answer = await plan.wire.send(wanted);
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
