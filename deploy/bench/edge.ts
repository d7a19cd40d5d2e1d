// The Worker in bare workerd, against Workers that do the least: what our decisions cost.
import { resolve } from 'node:path';
import type { Service } from '../local/services/service.ts';
import { CONSTANT, PROXY, startBareWorker } from './bare-workers.ts';
import { type EdgeShop, openEdgeShop } from './edge-shop.ts';
import { type Sent, sendLoad } from './load.ts';
import { type Bench, type BenchResult, median } from './result.ts';

const SECONDS = 3;
const ROUNDS = 3;
const LEAST_RATIO = 0.8;
/** Enough that each is within its limit of ten a second. */
const USERS = 2_000;
const FIRST_PURCHASES = 8_000;
/** The document twice a second, the list of origins once, and this bench's own question. */
const MOST_COMMANDS = 3 * (SECONDS + 1) + 1;

interface Case {
  readonly name: string;
  readonly against: Service;
  readonly what: string;
  /** What all answers are; checked by one before each round. */
  readonly status: number;
  /** The requests of a round; a purchase can be made once. */
  requests(round: number): Promise<readonly Sent[]>;
  /** Sent once before the first round, so that the Worker remembers who they are. */
  readonly isWarmed: boolean;
  /** No answer costs a call of Redis. Of who is blocked some do, as each window begins. */
  readonly isFree: boolean;
}

export const edge: Bench = {
  name: 'edge',
  async run({ dir, progress }) {
    const shop = await openEdgeShop(resolve(dir, 'shop'));
    const { vars } = shop;
    const constant = await startBareWorker({
      dir: resolve(dir, 'constant'),
      source: CONSTANT,
      vars,
    });
    const proxy = await startBareWorker({ dir: resolve(dir, 'proxy'), source: PROXY, vars });
    try {
      const results: BenchResult[] = [];
      for (const each of await casesOf(shop, { constant, proxy })) {
        progress(`edge, ${each.name}`);
        results.push(await measure(each, { dir: resolve(dir), shop }));
      }
      return results;
    } finally {
      await proxy.stop();
      await constant.stop();
      await shop.stop();
    }
  },
};

async function casesOf(
  shop: EdgeShop,
  { constant, proxy }: { readonly constant: Service; readonly proxy: Service },
): Promise<Case[]> {
  await shop.putUp('gone', { soldOut: true, joinable: false, stockBand: 'none' });
  await shop.putUp('going');
  const soldOut = await shop.purchases('gone', USERS);
  const polls = await shop.polls('going', USERS);
  const [flood] = await shop.purchases('going', 1);
  const blocked = flood === undefined ? [] : [flood];
  const plain = { against: constant, what: 'a constant Hono answer', isWarmed: true };
  const free = { ...plain, isFree: true };
  return [
    { ...free, name: 'sold-out, repeated', status: 409, requests: async () => soldOut },
    { ...free, name: 'poll', status: 200, requests: async () => polls },
    { ...plain, name: 'blocked', status: 429, isFree: false, requests: async () => blocked },
    {
      name: 'forward',
      against: proxy,
      what: 'a bare proxy, as many subrequests',
      status: 201,
      isWarmed: false,
      isFree: false,
      async requests(round) {
        await shop.putUp(`open_${round}`);
        return shop.purchases(`open_${round}`, FIRST_PURCHASES);
      },
    },
  ];
}

async function measure(
  { name, against, what, status, requests, isWarmed, isFree }: Case,
  { dir, shop }: { readonly dir: string; readonly shop: EdgeShop },
): Promise<BenchResult> {
  const ours: number[] = [];
  const theirs: number[] = [];
  const send = (url: string, sent: readonly Sent[], seconds = SECONDS) =>
    sendLoad({ dir, url, requests: sent, seconds });
  if (isWarmed) await warm(await requests(0));
  /** Each run begins with the first user: it takes a long one to reach the last. */
  async function warm(sent: readonly Sent[]) {
    for (let seconds = SECONDS; ; seconds *= 2) {
      if ((await send(shop.url, sent, seconds)).count >= sent.length) return;
    }
  }
  for (let round = 0; round < ROUNDS; round += 1) {
    const sent = await requests(round);
    const before = await shop.redisCommands();
    const { perSecond, errors, count } = await send(shop.url, sent);
    const commands = (await shop.redisCommands()) - before;
    if (isFree && commands > MOST_COMMANDS) {
      throw new Error(`${name}: ${commands} commands of Redis for ${count} answers`);
    }
    const expected = status >= 400 ? count : 0;
    // A moment's other answers are allowed: a window that ends, a document that is refreshed.
    if (Math.abs(errors - expected) > count / 50) {
      throw new Error(`${name}: ${errors} of ${count} answers were errors`);
    }
    ours.push(perSecond);
    theirs.push((await send(against.url ?? '', sent)).perSecond);
  }
  const ratio = median(ours.map((rate, round) => rate / (theirs[round] ?? Number.NaN)));
  return {
    name: `edge, ${name}`,
    value: median(ours),
    unit: '/s',
    ratio,
    against: what,
    budget: `>= ${LEAST_RATIO} x`,
    met: ratio >= LEAST_RATIO,
  };
}
