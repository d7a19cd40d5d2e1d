// One run: a stack of its own, a sale, buyers, faults; then all is healed, what is under way comes to
// an end, and the promises are checked from outside.
import { mkdirSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Random, seededRandom } from '../crowd/random.ts';
import { openSale, tokenOf, until } from '../end-to-end/client.ts';
import { makeSecrets, type Secrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { ask, type Buyer, type Habit, shop, slugOf, type Told } from './buyer.ts';
import { type Sale, settled, watchSold } from './evidence.ts';
import { excessIn, watchIntake } from './intake.ts';
import { judge, type Verdict } from './judge.ts';
import { findingsOf } from './operator.ts';
import { LEASE_SECONDS, losesData, type Plan, type StackKind } from './plan.ts';
import { countHeld, untilServed } from './served.ts';
import { createStriker, endAll, type Striker } from './strike.ts';

export interface RunResult extends Verdict {
  readonly seed: number;
  readonly faults: readonly { readonly target: string; readonly action: string }[];
  readonly seconds: number;
}

export interface RunOrder {
  readonly plan: Plan;
  readonly kind: StackKind;
  /** For this run alone; removed at its end unless a promise broke. */
  readonly dir: string;
  readonly tell: (text: string) => void;
  /** Ends the run early; its processes are ended. */
  readonly signal: AbortSignal;
}

const TOPIC = 'seckill-orders';
const PAYMENT_WINDOW_SECONDS = 8;
const COME_TOGETHER = 16;
const SETTLED_WITHIN_MS = 60_000;
const RUN_WITHIN_MS = 180_000;

/** Which process does what, the first two for buyers. */
function rolesOf({ writers }: Plan): Record<string, string> {
  const roles = writers === 2 ? 'api,jobs,relay,writer' : 'api,jobs,relay';
  return { origin: 'api,jobs', 'origin-2': roles, relay: 'relay', writer: 'writer' };
}

export async function runOnce(order: RunOrder): Promise<RunResult> {
  const { plan, kind, dir, tell, signal } = order;
  const startedAt = performance.now();
  const roles = rolesOf(plan);
  const secrets = makeSecrets();
  mkdirSync(dir, { recursive: true });
  const stack = await startStack({
    ...{ kind, dir, secrets },
    ...(kind === 'full' && { roles }),
    originVars: { ETCD_LEASE_SECONDS: String(LEASE_SECONDS) },
    edgeVars: { PROOF_MAX_NUMBER: '200' },
  });
  const striker = createStriker(stack, {
    ...{ dir, topic: TOPIC, tell },
    origins: Object.keys(roles),
    relays: ['relay', 'origin-2'],
  });
  let isKept = true;
  try {
    const until = startedAt + RUN_WITHIN_MS;
    const work = sell({ stack, secrets, plan, striker, dir, until, tell });
    const verdict = await Promise.race([work, aborted(signal), pastDeadline(until)]);
    isKept = verdict.broken.length > 0;
    const faults = plan.faults.map(({ target, action }) => ({ target, action }));
    const seconds = Math.round((performance.now() - startedAt) / 1_000);
    return { seed: plan.seed, faults, seconds, ...verdict };
  } finally {
    await striker.close();
    await endAll(stack.parts, dir);
    if (!isKept) rmSync(dir, { recursive: true, force: true });
  }
}

interface Selling {
  readonly stack: Stack;
  readonly secrets: Secrets;
  readonly plan: Plan;
  readonly striker: Striker;
  readonly dir: string;
  /** By `performance.now()`. */
  readonly until: number;
  readonly tell: (text: string) => void;
}

async function sell({
  stack,
  secrets,
  plan,
  striker,
  dir,
  until,
  tell,
}: Selling): Promise<Verdict> {
  const random = seededRandom(plan.seed).fork(1);
  const buyers = await invite(stack.edge, plan, random);
  await switchGateway(stack, secrets, {
    duplicateCallbacks: true,
    delayCallbacksMs: random.below(2_500),
  });
  const { ratePerSecond, capacity, stock, limitPerUser } = plan;
  const opened = await openSale(stack.edge, {
    ...{ stock, limitPerUser, ratePerSecond, capacity },
    ...{ paymentWindowSeconds: PAYMENT_WINDOW_SECONDS, ticketWindowSeconds: 10 },
  });
  const sale: Sale = { stock, skuId: String(opened.skuId), activityId: String(opened.activityId) };
  tell(`${buyers.length} buyers, ${stock} units, ${ratePerSecond}/s, at most ${limitPerUser} each`);
  const watching = new AbortController();
  const looks = watchIntake(stack.actuators.slice(0, 2), watching.signal);
  const selling = watchSold(stack, sale, watching.signal);
  // Where they go on buying: until all is healed and a little longer.
  const at = { edge: stack.edge, skuId: sale.skuId, closesAt: until };
  const openedAt = performance.now();
  striker.begin();
  const shopping = buyers.map(async (buyer, index) => {
    const own = random.fork(index + 10);
    await pause(own.below(plan.arriveWithinMs));
    await shop(buyer, at, own);
  });
  const struck = await striker.strikeAll(plan.faults);
  await pause(Math.max(0, openedAt + plan.arriveWithinMs - performance.now()));
  const unserved = await untilServed(stack, { ...sale, limitPerUser }, buyers, shopping);
  at.closesAt = performance.now();
  await Promise.all(shopping);
  tell(`healed and closed: ${countHeld(buyers)} orders`);
  const settleUntil = Math.min(until - 2_000, performance.now() + SETTLED_WITHIN_MS);
  await Promise.all(buyers.map((buyer) => ask(buyer, stack.edge, settleUntil)));
  const end = await settled(stack, sale, { secrets, until: settleUntil });
  watching.abort();
  const evidence = { ...end, mostSold: await selling };
  tell(`answers: ${countsOf(buyers.flatMap(({ told }) => told.map(wordOf)))}`);
  tell(`orders: ${countsOf(evidence.rows.map((row) => row.reason ?? row.status))}`);
  const losses = struck.filter(({ fault }) => losesData({ faults: [fault] })).length;
  const excess = excessIn({ ratePerSecond, burst: capacity * (1 + losses) }, await looks);
  const verdict = judge({ stock, limitPerUser, losesData: losses > 0, buyers, evidence });
  const broken = [
    ...verdict.broken,
    ...unserved,
    ...(excess > 0 ? [`${Math.ceil(excess)} entries too many at once`] : []),
    ...(await findingsOf(stack, { secrets, activityId: sale.activityId, buyers, dir })),
    ...striker.ended.map((name) => `${name} ended by itself`),
  ];
  return { ...verdict, broken };
}

const HABITS: readonly [Habit, ...Habit[]] = ['pays', 'pays', 'leaves', 'cancels', 'buys-again'];

/** They come with a browser each and have shown it before anything breaks. */
async function invite(edge: string, plan: Plan, random: Random): Promise<Buyer[]> {
  const people = Array.from({ length: plan.buyers }, (_, index) => ({
    userId: `buyer-${plan.seed}-${index}`,
    habit: random.pick(HABITS),
    quantity: 1 + random.below(plan.limitPerUser),
  }));
  const buyers: Buyer[] = [];
  while (buyers.length < people.length) {
    const together = people.slice(buyers.length, buyers.length + COME_TOGETHER);
    const come = together.map(async (person) => ({
      ...person,
      token: await until(() => tokenOrNone(edge, person.userId)),
      told: [],
      held: new Map(),
    }));
    buyers.push(...(await Promise.all(come)));
  }
  return buyers;
}

/** On a machine that is busy a first answer may be a 503. */
function tokenOrNone(edge: string, userId: string): Promise<string | undefined> {
  return tokenOf(edge, userId).catch((error) => {
    if (!/unavailable|timeout/i.test(String(error))) throw error;
    return undefined;
  });
}

async function switchGateway(stack: Stack, secrets: Secrets, switches: object): Promise<void> {
  const answer = await fetch(`${stack.gateway}/switches`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${secrets.gateway}` },
    body: JSON.stringify(switches),
    signal: AbortSignal.timeout(5_000),
  });
  if (!answer.ok) throw new Error(`the gateway answered ${answer.status}`);
}

function wordOf({ call, status, body }: Told): string {
  return `${call} ${status} ${slugOf({ body }) || (body.state ?? '')}`.trim();
}

/** `201 RESERVED × 5`, the most frequent first. */
function countsOf(words: readonly string[]): string {
  const counts = [...Map.groupBy(words, (word) => word)].map(([word, all]) => ({
    word,
    count: all.length,
  }));
  const ordered = counts.toSorted((one, other) => other.count - one.count);
  return ordered.map(({ word, count }) => `${word} × ${count}`).join(', ');
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(new Error('interrupted'));
    signal.addEventListener('abort', () => reject(new Error('interrupted')), { once: true });
  });
}

async function pastDeadline(until: number): Promise<never> {
  await pause(Math.max(0, until - performance.now()), undefined, { ref: false });
  throw new Error(`the run was not over within ${RUN_WITHIN_MS / 1_000} s`);
}
