// The invariant watcher: twice a second its leader looks whether what an activity holds in Redis can
// be true, by itself and beside the database. What Redis alone proves wrong closes the fence in the
// script that sees it; what differs between the two must differ three times in a row.

import { inventoryKeys } from '../../shared/keys.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { pauseFor } from '../backoff.ts';
import type { Lead } from '../leadership/leadership.ts';
import { isBatchField, ordersIn } from '../orders/order-batch.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { tripsOf } from '../redis/nodes.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { createWatchedRows } from './watched-rows.ts';

/** What cannot be true. The first five close the fence at once, the others at the third time. */
export const BREACHES = [
  'counters-missing',
  'negative',
  'total',
  'pending-count',
  'pending-sample',
  'applied-ahead',
  'sold-differs',
  'stock-differs',
] as const;
export type Breach = (typeof BREACHES)[number];

export interface WatcherOptions {
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly store: Pick<Store, 'liveActivities' | 'requestFence' | 'unitsInDeadLetters'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  /** `lua/watch-stock.lua`. */
  readonly script: Script;
  /** Hears each breach that closes a fence. */
  readonly onBreach: (activity: ActivityRow, breach: Breach) => void;
  readonly onError: (error: unknown) => void;
}

const LOOK_EVERY_MS = 500;
const MISSES_TO_FENCE = 3;
/** Batches of the index of what is due, and of all. */
const SAMPLE = 3;
const MAX_PER_TRIP = 200;

/** Runs while this instance leads. */
export async function watchStock(lead: Lead, options: WatcherOptions): Promise<void> {
  const misses = new Map<string, number>();
  const readRows = createWatchedRows(options);
  while (!lead.signal.aborted) {
    // The database is read before Redis: what it has applied by then, Redis has numbered before.
    const { rows, areCurrent } = await readRows(lead.signal);
    // While a fence is closed or a rebuild under way nothing is compared.
    const open = rows.filter(
      (row) => row.state === 'LOADED' && row.runId === options.link.runId(row.skuId) && isOpen(row),
    );
    const keyOf = ({ skuId }: ActivityRow) => inventoryKeys.activity(skuId);
    for (const trip of tripsOf(options.link.redis, open, { keyOf, most: MAX_PER_TRIP })) {
      if (lead.signal.aborted) break;
      await look(options, trip, areCurrent ? misses : undefined).catch(options.onError);
    }
    const ids = new Set(open.map(({ activityId }) => activityId));
    for (const id of misses.keys()) if (!ids.has(id)) misses.delete(id);
    await pauseFor(LOOK_EVERY_MS, lead.signal);
  }
}

const isOpen = ({ epoch, epochTaken, fenceEpoch, applied }: ActivityRow): boolean =>
  epochTaken === epoch && fenceEpoch < epoch && applied.alarmEpoch < epoch;

/** Without `misses` the database is away, and Redis is compared with itself alone. */
async function look(
  options: WatcherOptions,
  rows: readonly ActivityRow[],
  misses: Map<string, number> | undefined,
): Promise<void> {
  const samples = await sampleOrders(options, rows);
  const answers = rows.map((row, index) => ask(options, row, samples[index] ?? new Map()));
  for (const [index, answer] of (await Promise.allSettled(answers)).entries()) {
    const row = rows[index];
    if (row === undefined) continue;
    if (answer.status === 'rejected') options.onError(answer.reason);
    else await judge(options, { row, answer: answer.value, misses });
  }
}

/** Some batches by their ids, and the text of each. */
type Sample = ReadonlyMap<string, string>;

/** Some batches of what is due and some of all, at random. */
async function sampleOrders(
  { link }: WatcherOptions,
  rows: readonly ActivityRow[],
): Promise<readonly Sample[]> {
  const names = link.redis.pipeline();
  for (const { skuId } of rows) {
    names.zrandmember(inventoryKeys.pending(skuId), SAMPLE);
    names.hrandfield(inventoryKeys.orders(skuId), SAMPLE);
  }
  const found = await pipelined(names);
  const batches = rows.map((_row, index) => {
    const fields = [found[2 * index], found[2 * index + 1]].flat().map(String);
    return [...new Set(fields.filter(isBatchField))];
  });
  const texts = link.redis.pipeline();
  for (const [index, { skuId }] of rows.entries()) {
    texts.hmget(inventoryKeys.orders(skuId), '', ...(batches[index] ?? []));
  }
  const replies = await pipelined(texts);
  return batches.map((some, index) => {
    const [, ...own]: unknown[] = [replies[index]].flat();
    return new Map(some.map((batch, at) => [batch, String(own[at] ?? '')]));
  });
}

async function ask(
  { link, script }: WatcherOptions,
  { skuId, activityId, epoch }: ActivityRow,
  sample: Sample,
): Promise<unknown> {
  const { activity, stock, sold, sequence, pending, orders, orderStatus } = inventoryKeys;
  const keys = [activity, stock, sold, sequence, pending, orders].map((key) => key(skuId));
  const args: (string | number)[] = [activityId, epoch];
  for (const [batch, text] of sample) {
    const ulids = [...ordersIn(text).keys()];
    keys.push(...ulids.map((ulid) => orderStatus({ skuId, ulid })));
    args.push(batch, text, ulids.length);
  }
  return await script.run(link.redis, keys, args);
}

async function judge(
  options: WatcherOptions,
  {
    row,
    answer,
    misses,
  }: {
    readonly row: ActivityRow;
    readonly answer: unknown;
    readonly misses: Map<string, number> | undefined;
  },
): Promise<void> {
  const { activityId } = row;
  const [word, ...facts]: unknown[] = Array.isArray(answer) ? answer : [answer];
  const broken = word === 'broken' ? BREACHES.find((known) => known === facts[0]) : undefined;
  if (broken !== undefined) return fence(options, row, broken);
  if (word !== 'whole' || misses === undefined) return;
  const [sequence = 0, sold = 0, total = 0] = facts.map(Number);
  const breach = await compare(options, row, { sequence, sold, total });
  const count = breach === undefined ? 0 : (misses.get(activityId) ?? 0) + 1;
  misses.set(activityId, count);
  if (breach !== undefined && count >= MISSES_TO_FENCE) fence(options, row, breach);
}

/** Redis beside what the writer had applied a moment before. */
async function compare(
  { store }: WatcherOptions,
  { activityId, epoch, applied }: ActivityRow,
  redis: { readonly sequence: number; readonly sold: number; readonly total: number },
): Promise<Breach | undefined> {
  if (applied.epoch !== epoch) return undefined;
  if (applied.seq > redis.sequence) return 'applied-ahead';
  // While the writer lags, only the bound above can be compared.
  if (applied.seq < redis.sequence) return undefined;
  const differs = applied.sold !== redis.sold ? 'sold-differs' : undefined;
  const breach = differs ?? (applied.stock !== redis.total ? 'stock-differs' : undefined);
  if (breach === undefined) return undefined;
  // What waits for a decision as a dead letter counts in one of the two only.
  return (await store.unitsInDeadLetters(activityId)) > 0 ? undefined : breach;
}

/** Nobody waits for the database here: other activities are to be looked at. Safe to repeat. */
function fence(
  { store, onBreach, onError }: WatcherOptions,
  row: ActivityRow,
  breach: Breach,
): void {
  onBreach(row, breach);
  const { activityId, epoch } = row;
  // The mark in Redis stands already where Redis alone was wrong; the reason is for people.
  store.requestFence({ activityId, epoch, reason: `watcher: ${breach}` }).catch(onError);
}
