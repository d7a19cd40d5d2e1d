// Scripts by family. Each knows something that the ones above it do not; no two share a mistake.
import { drawBrowser } from '../../crowd/browsers.ts';
import { drawInput } from '../../crowd/input.ts';
import type { Random } from '../../crowd/random.ts';
import type { Session } from '../corpus.ts';
import { headlessBrowser, patchedBrowser, serverPhone } from './driven-browsers.ts';
import { type Network, proxy, rentedServer } from './networks.ts';
import { hexOf } from './people.ts';
import { around, type Client, following, type Plan, sessionOf } from './session.ts';
import { steadyPointer, untouched } from './synthetic-input.ts';

/** What the sessions of one operator share. */
export interface Operator {
  readonly random: Random;
  readonly shared: Client;
  readonly lines: readonly [Network, ...Network[]];
}

type Family = (random: Random, operator: Operator) => readonly [Client, Plan];

const steady = () => 300;

export const FAMILIES: Record<string, Family> = {
  // A loop around an HTTP library.
  burst: (random) => [
    library(random, { 'user-agent': 'python-requests/2.31.0', accept: '*/*' }),
    {
      pages: [],
      collect: undefined,
      purchases: following(-500, 40, () => around(random, 20, 0.4)),
    },
  ],
  // The same, dressed as a browser by its user agent.
  spoofed_headers: (random) => [
    library(random, {
      'user-agent': drawBrowser(random).headers['user-agent'] ?? '',
      'accept-language': 'en-US,en;q=0.9',
    }),
    quick(random, { reactionMs: random.below(900) - 600, readMs: 300, tries: 8 }),
  ],
  // All headers right, TLS too, but no page is ever run: a library knows one browser by heart.
  impersonator: (random, { shared }) => [
    { ...bot(random), headers: shared.headers, device: null, input: null },
    quick(random, { reactionMs: 120 + random.below(600), readMs: 5_000, tries: 4 }),
  ],
  headless: (random) => [
    driven(random, headlessBrowser(random), untouched(random)),
    quick(random, { reactionMs: random.below(250), readMs: 12_000, tries: 3 }),
  ],
  patched_headless: (random) => [
    driven(random, patchedBrowser(random), steadyPointer(random)),
    quick(random, { reactionMs: 60 + random.below(400), readMs: 15_000, tries: 3 }),
  ],
  server_phones: (random) => [
    driven(random, serverPhone(random), untouched(random)),
    quick(random, { reactionMs: 200 + random.below(600), readMs: 20_000, tries: 3 }),
  ],
  // One good browser, recorded, for many accounts.
  device_farm: (random, { shared, lines }) => [
    {
      ...shared,
      networkAt: () => lines[random.below(2)] ?? lines[0],
      input: steadyPointer(random),
    },
    quick(random, { reactionMs: 150 + random.below(900), readMs: 25_000, tries: 3 }),
  ],
  // A browser each, and one person's hands for all.
  recorded_input: (random, { shared }) => [
    { ...bot(random), input: shared.input },
    quick(random, { reactionMs: 250 + random.below(900), readMs: 25_000, tries: 2 }),
  ],
  // A line of somebody else's for each request.
  roaming_proxies: (random, { shared }) => [
    { ...shared, input: untouched(random), networkAt: () => proxy(random) },
    quick(random, { reactionMs: 80 + random.below(400), readMs: 3_000, tries: 3 }),
  ],
  // A browser each with invented details, through proxies, moved by a program.
  antidetect: (random) => {
    const line = proxy(random);
    return [
      { ...bot(random), input: steadyPointer(random), networkAt: () => line },
      quick(random, { reactionMs: 250 + random.below(700), readMs: 40_000, tries: 2 }),
    ];
  },
  // Everything paid before; there at the very moment.
  early_bird: (random) => {
    const line = proxy(random);
    return [
      { ...bot(random), networkAt: () => line },
      quick(random, { reactionMs: random.below(60), readMs: 90_000, tries: 2 }),
    ];
  },
  // One ticket for many accounts; half of them never opened a page.
  shared_ticket: (random) => {
    const isBare = random.next() < 0.5;
    const reactionMs = 600 + random.below(900);
    const bare = { pages: [], collect: undefined, purchases: following(reactionMs, 3, steady) };
    const full = quick(random, { reactionMs, readMs: 30_000, tries: 3 });
    return [bot(random), { ...(isBare ? bare : full), ticket: 'ticket-of-all' }];
  },
};

export function drawScript(operator: Operator, id: string, family: string): Session {
  const random = operator.random.fork(Number.parseInt(hexOf(operator.random).slice(0, 8), 16));
  const draw = FAMILIES[family];
  if (draw === undefined) throw new Error(`no family ${family}`);
  const [client, plan] = draw(random, operator);
  return sessionOf(id, { ...client, family }, plan);
}

export function openOperation(random: Random): Operator {
  return { random, shared: bot(random), lines: [proxy(random), proxy(random)] };
}

function quick(
  random: Random,
  { reactionMs, readMs, tries }: { reactionMs: number; readMs: number; tries: number },
): Plan {
  const loaded = reactionMs - around(random, readMs, 0.5);
  return {
    pages: [loaded],
    collect: loaded + Math.min(300, (reactionMs - loaded) / 2),
    purchases: following(reactionMs, 1 + random.below(tries), () => around(random, 220, 0.4)),
  };
}

/** A browser as people have them, on a line that fits it, with hands that pass for a person's. */
function bot(random: Random): Client {
  const { device, headers, hasMouse } = drawBrowser(random);
  const line = proxy(random);
  const input = drawInput(random, { hasMouse, dwellMs: around(random, 20_000, 0.8) });
  return { label: 'bot', family: '', device, input, headers, networkAt: () => line };
}

function library(random: Random, headers: Record<string, string>): Client {
  const server = rentedServer(random);
  const nothing = {
    device: null,
    input: null,
    http: '1.1',
    ja4: 't13d4312h1_c7886603b240_b26ce05bbdd6',
  };
  return { label: 'bot', family: '', ...nothing, headers, networkAt: () => server };
}

function driven(
  random: Random,
  { device, headers }: Pick<Client, 'device' | 'headers'>,
  input: Client['input'],
): Client {
  const line = random.next() < 0.5 ? rentedServer(random) : proxy(random);
  return { label: 'bot', family: '', device, headers, input, networkAt: () => line };
}
