// Removes what an activity leaves in Redis. Every batch is one script that first looks whose the
// keys are now, so that a leader that slept removes nothing of the SKU's next activity; and each may
// be repeated, so that a crash at any step is made good by the next round.
import { edgeKeys, inventoryKeys } from '../../shared/keys.ts';
import type { Redis } from '../redis/client.ts';
import { nodeOf } from '../redis/nodes.ts';
import type { Script } from '../redis/script.ts';
import type { Store } from '../store/store.ts';

export interface SweepOptions {
  readonly inventory: Redis;
  readonly edgeRedis: Redis;
  readonly store: Pick<Store, 'userCountsPage'>;
  /** `lua/sweep.lua`. */
  readonly script: Script;
  readonly userKey: (userId: string) => string;
  readonly signal: AbortSignal;
}

export interface Swept {
  readonly activityId: string;
  readonly skuId: string;
}

const BATCH = 500;
const SCAN_COUNT = 1_000;
/** As long as the statuses of orders stay: for that time a buyer who asks again is told. */
const KEPT_PLACE_MS = 7 * 24 * 3_600_000;

/** True when nothing is left; false where another activity of the SKU has begun to use its keys. */
export async function sweepKeys(options: SweepOptions, swept: Swept): Promise<boolean> {
  const isLineSwept = await sweepLine(options, swept);
  return isLineSwept && (await sweepUnits(options, swept));
}

/** Users' counts by pages of the database, then the counters, and last what names the activity. */
async function sweepUnits(options: SweepOptions, { activityId, skuId }: Swept): Promise<boolean> {
  const { inventory, store, userKey, signal } = options;
  const guard = { redis: inventory, key: inventoryKeys.activity(skuId), field: 'id', activityId };
  let afterUserId = '';
  for (;;) {
    signal.throwIfAborted();
    const page = await store.userCountsPage({ activityId, afterUserId, limit: BATCH });
    const last = page.at(-1);
    if (last === undefined) break;
    const keys = page.map(({ userId }) => inventoryKeys.userPurchase(skuId, userKey(userId)));
    if (!(await remove(options, guard, keys))) return false;
    afterUserId = last.userId;
  }
  return await remove(options, guard, [
    inventoryKeys.lapsed(skuId),
    inventoryKeys.pending(skuId),
    inventoryKeys.orders(skuId),
    inventoryKeys.outbox(skuId),
    inventoryKeys.stock(skuId),
    inventoryKeys.sold(skuId),
    inventoryKeys.sequence(skuId),
    inventoryKeys.activity(skuId),
  ]);
}

/** Places, devices' places and cadences have the buyer in their names: they are looked for. */
async function sweepLine(options: SweepOptions, { activityId, skuId }: Swept): Promise<boolean> {
  const { edgeRedis, signal } = options;
  const key = edgeKeys.lineClock(skuId);
  const guard = { redis: edgeRedis, key, field: 'activityId', activityId };
  const places = edgeKeys.place(skuId, '');
  const prefixes = [edgeKeys.devicePlaces(skuId, ''), edgeKeys.cadence(skuId, '')];
  let cursor = '0';
  const node = nodeOf(edgeRedis, key);
  if (node === undefined) throw new Error('nobody is known to hold the line');
  do {
    signal.throwIfAborted();
    const pattern = `*:{${skuId}}:*`;
    const [next, found] = await node.scan(cursor, 'MATCH', pattern, 'COUNT', SCAN_COUNT);
    const keys = found.filter((key) => prefixes.some((prefix) => key.startsWith(prefix)));
    const held = found.filter((key) => key.startsWith(places));
    const isRemoved =
      (await removeAll(options, guard, keys)) &&
      (await removeAll(options, { ...guard, keptMs: KEPT_PLACE_MS }, held));
    if (!isRemoved) return false;
    cursor = next;
  } while (cursor !== '0');
  const draw = { ...guard, key: edgeKeys.draw(skuId) };
  // A draw that another activity has opened already is that activity's.
  await remove(options, draw, [edgeKeys.drawEntries(skuId), edgeKeys.draw(skuId)]);
  return await sweepClock(options, { activityId, skuId });
}

/** The clock, what stands beside it, and last what names the activity. */
export async function sweepClock(
  options: Pick<SweepOptions, 'edgeRedis' | 'script'>,
  { activityId, skuId }: Swept,
): Promise<boolean> {
  const key = edgeKeys.lineClock(skuId);
  const guard = { redis: options.edgeRedis, key, field: 'activityId', activityId };
  return await remove(options, guard, [
    edgeKeys.tokenBucket(skuId),
    edgeKeys.tokenBucketLast(skuId),
    edgeKeys.tokenBucketRemainder(skuId),
    edgeKeys.entryBucket(skuId),
    edgeKeys.came(skuId),
    edgeKeys.callLog(skuId),
    edgeKeys.lineClock(skuId),
  ]);
}

interface Guard {
  readonly redis: Redis;
  readonly key: string;
  readonly field: string;
  readonly activityId: string;
  /** The keys are places: how long what is kept of those that entered stays. */
  readonly keptMs?: number;
}

async function removeAll(options: SweepOptions, guard: Guard, keys: string[]): Promise<boolean> {
  for (let at = 0; at < keys.length; at += BATCH) {
    if (!(await remove(options, guard, keys.slice(at, at + BATCH)))) return false;
  }
  return true;
}

async function remove(
  { script }: Pick<SweepOptions, 'script'>,
  { redis, key, field, activityId, keptMs }: Guard,
  keys: readonly string[],
): Promise<boolean> {
  const answer = await script.run(redis, [key, ...keys], [activityId, field, keptMs ?? '']);
  return answer === 'swept';
}
