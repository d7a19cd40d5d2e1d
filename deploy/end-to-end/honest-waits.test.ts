// The waits that people are shown in a real line are held against the waits that came true.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { decided, openSale, tokenOf, until, untilPromised } from './client.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const PEOPLE = 300;
const PREPARED_AT_ONCE = 8;
const TERMS = { stock: 2_000, ratePerSecond: 20, capacity: 5 };
/** Nobody reads a shorter wait before it is over. */
const SHORTEST_SECONDS = 2;
const CALLED_WITHIN_MS = 45_000;

interface Shown {
  readonly at: number;
  readonly seconds: number;
  readonly range: readonly [number, number];
}

/** Of one number shown, when its place has been called. */
interface Truth extends Shown {
  readonly real: number;
}

const numbers = v.object({
  estimatedWaitSeconds: v.nullable(v.number()),
  waitRangeSeconds: v.nullable(v.tuple([v.number(), v.number()])),
});

let stack: Stack;
let tokens: readonly string[];

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('waits'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
  tokens = await prepare(PEOPLE);
});
afterAll(() => stack?.stop());

/** Buyers whose devices have been shown, a few at a time: their proofs are worked out here. */
async function prepare(count: number): Promise<readonly string[]> {
  const made: string[] = [];
  let begun = 0;
  const work = async () => {
    while (begun < count) {
      begun += 1;
      made.push(await tokenOf(stack.edge, freshName('person')));
    }
  };
  await Promise.all(Array.from({ length: PREPARED_AT_ONCE }, work));
  return made;
}

const ask = (skuId: unknown, token: string, body: object = {}): Promise<Answer> =>
  send(`${stack.edge}/api/seckill/${skuId}`, { token, body });
const poll = (ticket: unknown): Promise<Answer> =>
  send(`${stack.edge}/api/seckill/queue/${ticket}`);

const TRIES = 10;

/**
 * Between asking and answer, where the number was true. "Try again" is not an answer: a busy machine
 * gives it.
 */
async function timed(ask: () => Promise<Answer>): Promise<{ at: number; answer: Answer }> {
  for (let left = TRIES; ; left -= 1) {
    const before = Date.now();
    const answer = await ask();
    if (answer.status !== 503 || left === 0) return { at: (before + Date.now()) / 2, answer };
    await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

function shownIn(body: Members, at: number): Shown | undefined {
  const { estimatedWaitSeconds: seconds, waitRangeSeconds: range } = v.parse(numbers, body);
  expect(range === null).toBe(seconds === null);
  return seconds === null || range === null ? undefined : { at, seconds, range };
}

interface Waited {
  readonly truths: readonly Truth[];
  readonly unknown: number;
}

/** Joins, looks at what is shown until the place is called, and buys; undefined without a wait. */
async function waitInLine(skuId: unknown, token: string): Promise<Waited | undefined> {
  const deadline = Date.now() + CALLED_WITHIN_MS;
  let { at, answer } = await timed(() => ask(skuId, token));
  if (answer.status === 201) return undefined;
  const { ticket } = answer.body;
  const shown: Shown[] = [];
  let unknown = 0;
  let last = at;
  while (answer.body.state === 'QUEUED') {
    expect(Date.now(), 'called in time').toBeLessThan(deadline);
    const number = shownIn(answer.body, at);
    if (number === undefined) unknown += 1;
    else shown.push(number);
    last = at;
    // Sparsely while the turn is far, then closely: the moment of the call is what is wanted.
    await pause(number !== undefined && number.seconds > 3 ? 1_500 : 200);
    ({ at, answer } = await timed(() => poll(ticket)));
  }
  expect(answer.body.state, JSON.stringify(answer.body)).toBe('READY');
  const calledAt = (last + at) / 2;
  await until(async () =>
    (await ask(skuId, token, { ticket })).status === 201 ? true : undefined,
  );
  return { truths: shown.map((one) => ({ ...one, real: (calledAt - one.at) / 1_000 })), unknown };
}

const share = (all: readonly unknown[], part: readonly unknown[]) => part.length / all.length;
const errorOf = ({ seconds, real }: Truth) => Math.abs(seconds - real) / real;
const isInRange = ({ real, range: [low, high] }: Truth) => real >= low && real <= high;
const at = (sorted: readonly number[], part: number) =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? Number.NaN;

test('a shown wait comes true within a tenth, and 19 of 20 within their range', async () => {
  const { skuId } = await openSale(stack.edge, TERMS);
  const people = await Promise.all(tokens.map((token) => waitInLine(skuId, token)));
  const waited = people.filter((one) => one !== undefined);
  const judged = waited
    .flatMap(({ truths }) => truths)
    .filter(({ real }) => real >= SHORTEST_SECONDS);
  const errors = judged.map(errorOf).sort((one, other) => one - other);
  const within = judged.filter(isInRange);
  const longest = Math.max(...judged.map(({ real }) => real));
  console.log({
    ...{ waited: waited.length, judged: judged.length, longest },
    ...{ median: at(errors, 0.5), p90: at(errors, 0.9), inRange: share(judged, within) },
    unknown: waited.reduce((sum, one) => sum + one.unknown, 0),
  });
  expect(waited.length).toBeGreaterThan(PEOPLE - 3 * TERMS.ratePerSecond);
  expect(judged.length).toBeGreaterThan(PEOPLE);
  expect(longest).toBeGreaterThan(8);
  expect(at(errors, 0.5)).toBeLessThanOrEqual(0.1);
  expect(share(judged, within)).toBeGreaterThanOrEqual(0.95);
});

test('while the sale is paused no wait is shown, and one again afterwards', async () => {
  const { skuId, activityId } = await openSale(stack.edge, { ...TERMS, ratePerSecond: 1 });
  const joined = await Promise.all(
    tokens.slice(0, 40).map((token) => decided(() => ask(skuId, token))),
  );
  const [ticket] = joined
    .filter(({ body }) => body.state === 'QUEUED')
    .sort((one, other) => Number(other.body.position) - Number(one.body.position))
    .map(({ body }) => body.ticket);
  const admin = await tokenOf(stack.edge, 'admin', 'admin');
  const look = async () => shownIn((await poll(ticket)).body, Date.now());
  const turn = (what: 'pause' | 'resume') =>
    send(`${stack.edge}/api/activities/${activityId}/${what}`, {
      ...{ method: 'POST', token: admin },
    });
  await until(look);
  expect((await turn('pause')).status).toBe(200);
  await untilPromised(async () => ((await look()) === undefined ? true : undefined), 3_000);
  expect((await turn('resume')).status).toBe(200);
  await until(look, 20_000);
});
