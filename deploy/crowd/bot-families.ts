// Crude scripts, by family. Each does its one trick a few times; none reads what it is answered.
import { setTimeout as pause } from 'node:timers/promises';
import type { InputSummary } from '../../shared/device.ts';
import { type Browser, drawBrowser } from './browsers.ts';
import { hostileBodies } from './hostile-bodies.ts';
import { drawInput } from './input.ts';
import type { Random } from './random.ts';
import type { TokenMaker } from './tokens.ts';
import { pageCall, type Shower, showDevice } from './visitor.ts';
import type { Answer, Call, Wire } from './wire.ts';

export interface BotPlan {
  readonly edge: string;
  readonly origin: string;
  readonly skuId: string;
  readonly userId: string;
  readonly address: string;
  /** Epoch ms: when it may show a device, and when it goes for the sale. */
  readonly preparesAt: number;
  readonly startsAt: number;
  readonly random: Random;
  readonly tokens: TokenMaker;
  readonly wire: Wire;
  /** What scripts of one maker have in common. */
  readonly gang: Gang;
  /** A ticket that somebody else was given, as far as one has been seen. */
  stolenTicket(): string | undefined;
}

export interface Gang {
  readonly browser: Browser;
  readonly input: InputSummary;
}

/** Sends a purchase, but for what the call says otherwise. */
export type Send = (call: Partial<Call>) => Promise<Answer>;
export type Family = (plan: BotPlan, send: Send) => Promise<unknown>;

const BURST = 20;
const TRIES = 4;
const BETWEEN_TRIES_MS = 250;
const DWELL_MS = 4_000;
const LIBRARY = { headers: { 'user-agent': 'python-requests/2.32.5', accept: '*/*' } };

const families = {
  /** A valid identity and a loop, and no device: many at once, from one of very few addresses. */
  burst: async (plan, send) => {
    await untilStart(plan);
    const token = plan.tokens.good(plan.userId);
    return burst(() => send({ token }));
  },
  /** One user, many connections, an address for each. */
  parallel: async (plan, send) => {
    await untilStart(plan);
    const token = plan.tokens.good(plan.userId);
    const { random } = plan;
    return burst(() =>
      send({ token, address: `172.20.${random.below(256)}.${random.below(256)}` }),
    );
  },
  /** Pays the proof of work, shows nothing of itself, and then loops. */
  solver: async (plan, send) => {
    const call = await prepare(plan, { browser: LIBRARY });
    return burst(() => send(call));
  },
  /** A browser under remote control: its collector tells. */
  headless: async (plan, send) => {
    const browser = headlessOf(drawBrowser(plan.random));
    const call = await prepare(plan, { browser, input: untouched });
    return burst(() => send(call));
  },
  /** One device, copied, for all users of the gang. */
  'one-device': async (plan, send) => {
    const { gang, random } = plan;
    const input = drawInput(random, { hasMouse: gang.browser.hasMouse, dwellMs: DWELL_MS });
    const call = await prepare(plan, { browser: gang.browser, input });
    return repeatedly(() => send(call));
  },
  /** A device for each, but hands that were recorded once. */
  'replayed-input': async (plan, send) => {
    const browser = drawBrowser(plan.random);
    const call = await prepare(plan, { browser, input: plan.gang.input });
    return repeatedly(() => send(call));
  },
  /** A device token that was given to somebody else. */
  'borrowed-device': async (plan, send) => {
    const { gang, userId } = plan;
    const lender = { ...plan, userId: `${userId}-lender` };
    const { headers } = await prepare(lender, { browser: gang.browser, input: gang.input });
    return repeatedly(() => send({ token: plan.tokens.good(userId), ...(headers && { headers }) }));
  },
  'ticket-thief': async (plan, send) => {
    const { random, stolenTicket } = plan;
    const browser = drawBrowser(random);
    const input = drawInput(random, { hasMouse: browser.hasMouse, dwellMs: DWELL_MS });
    const call = await prepare(plan, { browser, input });
    return repeatedly(() => {
      const body = JSON.stringify({ ticket: stolenTicket() ?? 'guessed' });
      return send({ ...call, body });
    });
  },
  'no-token': (plan, send) => fromStart(plan, () => send({})),
  'forged-token': (plan, send) =>
    fromStart(plan, () => send({ token: plan.tokens.forged(plan.userId) })),
  'expired-token': (plan, send) =>
    fromStart(plan, () => send({ token: plan.tokens.expired(plan.userId) })),
  'alg-none': (plan, send) =>
    fromStart(plan, () => send({ token: plan.tokens.unsigned(plan.userId) })),
  malformed: (plan, send) => {
    const token = plan.tokens.good(plan.userId);
    return fromStart(plan, () => send({ token, body: plan.random.pick(hostileBodies) }));
  },
  'past-the-edge': (plan, send) => {
    const { origin, skuId, tokens, userId } = plan;
    const token = tokens.good(userId);
    return fromStart(plan, () => send({ token, url: `${origin}/api/seckill/${skuId}` }));
  },
} satisfies Record<string, Family>;

export const botFamilies = Object.entries<Family>(families);

/** Shows a device ahead of the start, and waits for the start; the headers and token to come with. */
async function prepare(
  plan: BotPlan,
  { browser, input }: { browser: Shower['browser']; input?: InputSummary },
): Promise<Partial<Call>> {
  const visitor = { ...plan, browser, token: plan.tokens.good(plan.userId) };
  const call = pageCall(visitor, undefined);
  await pause(Math.max(0, plan.preparesAt - Date.now()));
  const shown = await showDevice(visitor, { call, input });
  await untilStart(plan);
  if (shown.kind === 'turned-away') return call;
  return { ...call, headers: { ...call.headers, 'x-device-token': shown.deviceToken } };
}

function headlessOf(browser: Browser): Browser {
  const device = {
    ...browser.device,
    ua: browser.device.ua.replace('Chrome/', 'HeadlessChrome/'),
    webdriver: true,
    gl: { v: 'Google Inc. (Google)', r: 'ANGLE (Google, Vulkan 1.3.0 (SwiftShader Device))' },
  };
  return { ...browser, device, headers: { ...browser.headers, 'user-agent': device.ua } };
}

const untouched: InputSummary = {
  ...{ pointer: null, clicks: 0, keys: 0, touches: 0, scrolls: 0, trusted: true },
  ...{ dwell_ms: 400, first_input_ms: null },
};

const untilStart = ({ startsAt }: BotPlan) => pause(Math.max(0, startsAt - Date.now()));

async function fromStart(plan: BotPlan, send: () => Promise<Answer>): Promise<void> {
  await untilStart(plan);
  await repeatedly(send);
}

function burst(send: () => Promise<Answer>): Promise<Answer[]> {
  return Promise.all(Array.from({ length: BURST }, send));
}

async function repeatedly(send: () => Promise<Answer>): Promise<void> {
  for (let i = 0; i < TRIES; i += 1) {
    await send();
    await pause(BETWEEN_TRIES_MS);
  }
}
