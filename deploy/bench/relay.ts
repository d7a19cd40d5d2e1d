// The relay from the outbox in Redis into Kafka, against the bare client that produces the same
// records, and against the broker's own producer benchmark.
import { resolve } from 'node:path';
import { messageOf } from '../../origin/order-log/kafka/record.ts';
import type { LoggedEvent, OrderLog } from '../../origin/order-log/order-log.ts';
import { runRelay } from '../../origin/outbox/relay.ts';
import type { ActivityRow } from '../../origin/store/store.ts';
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrdersLog, openLog, quietLog } from './log.ts';
import { type Bench, type BenchResult, median } from './result.ts';
import { openShop, type Shop } from './shop.ts';

const ROUNDS = 3;
const EVENTS = 64_000;
const MANY = 1_000;
const WARM_UP_EVENTS = 5_000;
const BATCH = 1_000;
const OWN_RECORDS = 400_000;

export const relay: Bench = {
  name: 'relay',
  async run({ dir, progress }) {
    const shop = await openShop({ dir: resolve(dir, 'redis') });
    try {
      const log = await openLog(resolve(dir, 'kafka'));
      try {
        return await measure(shop, log, progress);
      } finally {
        await log.close();
      }
    } finally {
      await shop.close();
    }
  },
};

async function measure(
  shop: Shop,
  log: OrdersLog,
  progress: (message: string) => void,
): Promise<BenchResult[]> {
  const relayed: number[] = [];
  const many: number[] = [];
  const bare: number[] = [];
  const own: number[] = [];
  await oneRound(shop, log, { name: 'warm_up', activities: 1, events: WARM_UP_EVENTS });
  for (let round = 0; round < ROUNDS; round += 1) {
    progress(`relay, round ${round + 1} of ${ROUNDS}`);
    const one = { name: `one_${round}`, activities: 1, events: EVENTS };
    const rates = await oneRound(shop, log, one);
    relayed.push(rates.relayed);
    bare.push(rates.bare);
    own.push(await log.ownProducer({ bytes: rates.bytes, count: OWN_RECORDS }));
    const all = { name: `many_${round}`, activities: MANY, events: EVENTS };
    many.push((await oneRound(shop, log, all)).relayed);
  }
  const value = median(relayed);
  const over = (others: readonly number[]) =>
    median(relayed.map((rate, round) => rate / (others[round] ?? Number.NaN)));
  const result = (name: string, ratio: number, against: string, least: number): BenchResult => ({
    ...{ name, value, unit: 'events/s', ratio, against },
    budget: `>= ${least} x`,
    met: ratio >= least,
  });
  return [
    result('relay', over(own), "Kafka's own producer benchmark", 0.25),
    result('relay-client', over(bare), 'kafkajs alone, same records', 0.5),
    {
      ...{ name: 'relay-1000-activities', value: median(many), unit: 'events/s' },
      ratio: median(many.map((rate, round) => rate / (relayed[round] ?? Number.NaN))),
      against: 'events of one activity',
      budget: '>= 2K/s',
      met: median(many) >= 2_000,
    },
  ];
}

interface Load {
  readonly name: string;
  readonly activities: number;
  /** In all of them together. */
  readonly events: number;
}

async function oneRound(
  shop: Shop,
  log: OrdersLog,
  { name, activities: count, events }: Load,
): Promise<{ relayed: number; bare: number; bytes: number }> {
  const activities: ActivityRow[] = [];
  for (let index = 0; index < count; index += 1) {
    const activity = await shop.load({ skuId: `${name}_${index}` });
    await shop.sell(activity, events / count);
    activities.push(activity);
  }
  const kept: LoggedEvent[] = [];
  const relayed = await perSecond(events, () =>
    relayAll(shop, activities, { events, orderLog: keeping(log.orderLog, kept) }),
  );
  await shop.link.redis.flushall();
  const messages = kept.map(messageOf);
  const bare = await perSecond(events, () => log.produce(messages, BATCH));
  const bytes = Math.round(
    messages.reduce((sum, { value }) => sum + Buffer.byteLength(value ?? ''), 0) / events,
  );
  return { relayed, bare, bytes };
}

type Relayed = Pick<OrderLog, 'append' | 'bury'>;

const keeping = (orderLog: OrderLog, kept: LoggedEvent[]): Relayed => ({
  bury: orderLog.bury,
  append(events) {
    kept.push(...events);
    return orderLog.append(events);
  },
});

/** Runs a relay until it has relayed so many events; throws where the outboxes then hold more. */
async function relayAll(
  { place, link }: Shop,
  activities: readonly ActivityRow[],
  { events, orderLog }: { readonly events: number; readonly orderLog: Relayed },
): Promise<void> {
  const stop = new AbortController();
  let left = events;
  await runRelay({
    ...{ redis: place, orderLog, log: quietLog, signal: stop.signal },
    lanes: () => activities,
    observe: {
      relayed(batch) {
        left -= batch.events;
        if (left <= 0) stop.abort();
      },
      failed: (reason) => process.stderr.write(`the relay failed: ${reason}\n`),
      malformed: (skuId) => process.stderr.write(`${skuId} has a malformed entry\n`),
    },
  });
  const waiting = await Promise.all(
    activities.map(({ skuId }) => link.redis.xlen(inventoryKeys.outbox(skuId))),
  );
  if (waiting.some((count) => count > 0)) throw new Error('the outboxes are not empty');
}

async function perSecond(count: number, work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return (1_000 * count) / (performance.now() - startedAt);
}
