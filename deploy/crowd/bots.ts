// Crude scripts, by family. Each does its one trick a few times; none reads what it is answered,
// except to boast of an order.
import { setTimeout as pause } from 'node:timers/promises';
import { hostileBodies } from './hostile-bodies.ts';
import type { BotOutcome, Confirmed } from './outcome.ts';
import type { Random } from './random.ts';
import type { TokenMaker } from './tokens.ts';
import { type Answer, type Call, numberIn, slugOf, textIn, type Wire } from './wire.ts';

export interface BotPlan {
  readonly edge: string;
  readonly origin: string;
  readonly skuId: string;
  readonly userId: string;
  readonly address: string;
  readonly startsAt: number;
  readonly random: Random;
  readonly tokens: TokenMaker;
  readonly wire: Wire;
  /** A ticket that somebody else was given, as far as one has been seen. */
  stolenTicket(): string | undefined;
  onConfirmed(order: Confirmed): void;
}

type Family = (plan: BotPlan, send: (call: Partial<Call>) => Promise<Answer>) => Promise<unknown>;

const BURST = 20;
const TRIES = 4;
const BETWEEN_TRIES_MS = 250;

const families = {
  /** A valid token and a loop: many at once, from one of very few addresses. */
  burst: ({ tokens, userId }, send) => {
    const token = tokens.good(userId);
    return Promise.all(Array.from({ length: BURST }, () => send({ token })));
  },
  /** One user, many connections, an address for each. */
  parallel: ({ tokens, userId, random }, send) => {
    const token = tokens.good(userId);
    const call = () => ({ token, address: `172.20.${random.below(256)}.${random.below(256)}` });
    return Promise.all(Array.from({ length: BURST }, () => send(call())));
  },
  'no-token': (_plan, send) => repeatedly(() => send({})),
  'forged-token': ({ tokens, userId }, send) =>
    repeatedly(() => send({ token: tokens.forged(userId) })),
  'expired-token': ({ tokens, userId }, send) =>
    repeatedly(() => send({ token: tokens.expired(userId) })),
  'alg-none': ({ tokens, userId }, send) =>
    repeatedly(() => send({ token: tokens.unsigned(userId) })),
  'ticket-thief': ({ tokens, userId, stolenTicket }, send) => {
    const token = tokens.good(userId);
    return repeatedly(() =>
      send({ token, body: JSON.stringify({ ticket: stolenTicket() ?? 'guessed' }) }),
    );
  },
  malformed: ({ tokens, userId, random }, send) => {
    const token = tokens.good(userId);
    return repeatedly(() => send({ token, body: random.pick(hostileBodies) }));
  },
  'past-the-edge': ({ origin, skuId, tokens, userId }, send) => {
    const token = tokens.good(userId);
    return repeatedly(() => send({ token, url: `${origin}/api/seckill/${skuId}` }));
  },
} satisfies Record<string, Family>;

export const botFamilies = Object.entries<Family>(families);

/** Runs one script of the family that its number falls on. */
export async function runBot(plan: BotPlan, number: number): Promise<BotOutcome> {
  const [family, run] = botFamilies[number % botFamilies.length] ?? ['none', repeatNothing];
  const answers: Record<string, number> = {};
  let bought = false;
  let requests = 0;
  async function send(call: Partial<Call>): Promise<Answer> {
    const { edge, skuId, userId, address } = plan;
    requests += 1;
    const url = `${edge}/api/seckill/${skuId}`;
    const answer = await plan.wire.send({ url, address, body: '{}', ...call });
    const seen = `${answer.status} ${slugOf(answer)}`.trim();
    answers[seen] = (answers[seen] ?? 0) + 1;
    const orderId = textIn(answer, 'orderId');
    if (answer.status === 201 && orderId !== undefined) {
      bought = true;
      plan.onConfirmed({ userId, orderId, quantity: numberIn(answer, 'quantity') ?? 0 });
    }
    return answer;
  }
  await pause(Math.max(0, plan.startsAt - Date.now()));
  await run(plan, send);
  return { family, bought, requests, answers };
}

async function repeatNothing(): Promise<void> {
  await pause(0);
}

async function repeatedly(send: () => Promise<Answer>): Promise<void> {
  for (let i = 0; i < TRIES; i += 1) {
    await send();
    await pause(BETWEEN_TRIES_MS);
  }
}
