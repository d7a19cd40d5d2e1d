// The job `adjust`: brings an edit to the inventory Redis and says it again until both agree. What
// the database wants is the terms of the row and its `stock`; the instance that took the edit does
// this at once, the leader makes good what came to nothing: a Redis away, a fence, a rebuild that
// wrote older terms.
import { inventoryKeys } from '../../shared/keys.ts';
import { keysLifetime } from '../fence/load-facts.ts';
import type { Inventory } from '../inventory/inventory.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Nudge } from '../nudge.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { tripsOf } from '../redis/nodes.ts';
import { pipelined } from '../redis/pipelined.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import type { ActivityRegistry } from './registry.ts';

export interface KeepTermsOptions {
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly inventory: Pick<Inventory, 'adjust'>;
  readonly store: Pick<Store, 'changeActivity'>;
  /** `lua/revise.lua`. */
  readonly script: Script;
}

export interface KeepTermsJob extends KeepTermsOptions {
  readonly registry: Pick<ActivityRegistry, 'all' | 'refresh'>;
  readonly nudge: Nudge;
  readonly onError: (error: unknown) => void;
}

export type KeptStock = { readonly kind: 'kept' } | { readonly kind: 'below-sold'; sold: number };

const ROUND_MS = 500;
const PAGE = 500;

export async function runKeepTerms(lead: Lead, options: KeepTermsJob): Promise<void> {
  const { registry, onError } = options;
  while (!lead.signal.aborted) {
    const rows = registry.all().filter(({ state }) => state === 'LOADED');
    for (const page of tripsOf(options.link.redis, rows, { keyOf, most: PAGE })) {
      if (lead.signal.aborted) break;
      const differing = await findDiffering(options, page).catch((error: unknown) => {
        onError(error);
        return [];
      });
      for (const found of differing) await mend(options, found).catch(onError);
    }
    await options.nudge.pause(ROUND_MS, lead.signal);
  }
}

const keyOf = ({ skuId }: ActivityRow): string => inventoryKeys.activity(skuId);

/** Terms first, for they may be what an edit was made for. Rejects when Redis is away. */
export async function reviseTerms(
  { link, script }: Pick<KeepTermsOptions, 'link' | 'script'>,
  row: ActivityRow,
): Promise<void> {
  if (row.state !== 'LOADED' || link.runId(row.skuId) !== row.runId) return;
  const { skuId } = row;
  const keys = [
    inventoryKeys.activity(skuId),
    inventoryKeys.stock(skuId),
    inventoryKeys.sold(skuId),
    inventoryKeys.sequence(skuId),
    inventoryKeys.pending(skuId),
    inventoryKeys.orders(skuId),
    inventoryKeys.lapsed(skuId),
  ];
  const { activityId, epoch, version } = row;
  await script.run(link.redis, keys, [activityId, epoch, version, ...termsIn(row)]);
}

/**
 * Sets the stock that the database wants. Where more has been sold meanwhile, the database goes
 * back to `stockBefore`, under an audit row of its own.
 */
export async function adjustStock(
  { inventory, store }: Pick<KeepTermsOptions, 'inventory' | 'store'>,
  row: ActivityRow,
  { stockBefore, now }: { readonly stockBefore: number; readonly now: number },
): Promise<KeptStock> {
  const { activityId, version } = row;
  const answer = await inventory.adjust(activityId, row.stock);
  if (answer.kind !== 'below-sold') return { kind: 'kept' };
  await store.changeActivity({
    ...{ activityId, version, now, action: 'adjust', actor: 'system' },
    members: { stock: Math.max(stockBefore, answer.sold) },
  });
  return answer;
}

/** The order of arguments of `revise` behind the version, and of its fields in the hash. */
const FIELDS = [
  'startAt',
  'endAt',
  'limit',
  'price',
  'currency',
  'paymentWindow',
  'lifetime',
  'paused',
] as const;

const termsIn = (row: ActivityRow): (string | number)[] => [
  row.startAt,
  row.endAt,
  row.limitPerUser,
  row.price,
  row.currency,
  row.paymentWindowSeconds * 1000,
  keysLifetime(row),
  row.paused ? 1 : 0,
];

interface Differing {
  readonly row: ActivityRow;
  readonly hasOtherTerms: boolean;
  /** The total in Redis. */
  readonly total: number;
}

async function findDiffering(
  { link }: KeepTermsOptions,
  rows: readonly ActivityRow[],
): Promise<Differing[]> {
  const pipeline = link.redis.pipeline();
  for (const { skuId } of rows) {
    pipeline.hmget(inventoryKeys.activity(skuId), 'id', 'fence', 'total', ...FIELDS);
  }
  const replies = await pipelined(pipeline);
  return rows.flatMap((row, index) => {
    const reply: unknown = replies[index];
    const [id, fence, total, ...terms]: unknown[] = Array.isArray(reply) ? reply : [];
    if (id !== row.activityId || fence !== '' || row.runId !== link.runId(row.skuId)) return [];
    const wanted = termsIn(row).map(String);
    const hasOtherTerms = wanted.some((value, at) => value !== (terms[at] ?? '0'));
    const differs = hasOtherTerms || Number(total) !== row.stock;
    return differs ? [{ row, hasOtherTerms, total: Number(total) }] : [];
  });
}

async function mend(options: KeepTermsJob, { row, hasOtherTerms, total }: Differing) {
  if (hasOtherTerms) await reviseTerms(options, row);
  if (total === row.stock) return;
  const kept = await adjustStock(options, row, { stockBefore: total, now: Date.now() });
  if (kept.kind === 'below-sold') await options.registry.refresh();
}
