// Whether a reservation costs the same however much is going on: with many activities at once, and
// in an activity that has many orders already. Each size is measured in turn, on one Redis.
import { resolve } from 'node:path';
import { luaScript } from '../../origin/redis/lua.ts';
import { createReserver, type Reserver } from '../../origin/reserve/reserver.ts';
import { createSeenSequences } from '../../origin/reserve/seen.ts';
import type { ActivityRow } from '../../origin/store/store.ts';
import { mintUlid } from '../../shared/order-id.ts';
import { costOf } from './cost.ts';
import { growthOfLine } from './growth-of-line.ts';
import { type Bench, type BenchResult, flatness } from './result.ts';
import { openShop, type Shop } from './shop.ts';

const ROUNDS = 5;
/** Purchases of a round, and of one script call: in a rush, and where nobody else wants the same. */
interface Load {
  readonly purchases: number;
  readonly batch: number;
}
const RUSH: Load = { purchases: 32_000, batch: 16 };
const ALONE: Load = { purchases: 8_000, batch: 1 };
/** Reservers that work at once, each with one call in flight. */
const ORIGINS = 16;
const ACTIVITIES = [1, 100, 1_000] as const;
/** So many activities, so many orders in each. */
const ORDERS = [
  { orders: 10_000, activities: 10 },
  { orders: 100_000, activities: 2 },
  { orders: 1_000_000, activities: 1 },
] as const;
/** So that what waits to be relayed takes no more memory than it does in a real sale. */
const SLICE = 50_000;

export const growth: Bench = {
  name: 'growth',
  async run({ dir, progress }) {
    // A rewrite of the file in the middle would be measured too.
    const args = ['--auto-aof-rewrite-percentage', '0'];
    const shop = await openShop({ dir: resolve(dir, 'redis'), args });
    try {
      return [
        ...(await growthOfActivities(shop, progress)),
        ...(await growthOfOrders(shop, progress)),
        ...(await growthOfLine(shop.link.redis, progress)),
      ];
    } finally {
      await shop.close();
    }
  },
};

type Progress = (message: string) => void;

async function growthOfActivities(shop: Shop, progress: Progress): Promise<BenchResult[]> {
  progress('a reservation with 1, 100 and 1,000 activities at once');
  const groups = await Promise.all(
    ACTIVITIES.map((count) => loadMany(shop, { name: `many_${count}`, count })),
  );
  const costs = await inTurns(shop, groups, RUSH);
  const alone = await inTurns(shop, groups, ALONE);
  await shop.link.redis.flushall();
  const growth = { unit: 'µs', against: 'one activity', sizes: ACTIVITIES };
  return [
    ...flatness({ ...growth, name: 'growth-activities', costs }),
    ...flatness({ ...growth, name: 'growth-activities-alone', costs: alone }),
  ];
}

async function growthOfOrders(shop: Shop, progress: Progress): Promise<BenchResult[]> {
  const groups: ActivityRow[][] = [];
  for (const { orders, activities: count } of ORDERS) {
    progress(`${count} activities with ${orders.toLocaleString('en-US')} orders each`);
    const group = await loadMany(shop, { name: `full_${orders}`, count });
    for (const activity of group) await fill(shop, activity, orders);
    groups.push(group);
  }
  progress('a reservation in each of them');
  const costs = await inTurns(shop, groups, RUSH);
  await shop.link.redis.flushall();
  return flatness({
    ...{ name: 'growth-orders', unit: 'µs', against: '10,000 orders' },
    sizes: ORDERS.map(({ orders }) => orders),
    costs,
  });
}

async function loadMany(
  shop: Shop,
  { name, count }: { readonly name: string; readonly count: number },
): Promise<ActivityRow[]> {
  const skuIds = Array.from({ length: count }, (_, index) => `${name}_${index}`);
  return await Promise.all(skuIds.map((skuId) => shop.load({ skuId })));
}

async function fill(shop: Shop, activity: ActivityRow, orders: number): Promise<void> {
  for (let left = orders; left > 0; left -= SLICE) {
    await shop.sell(activity, Math.min(SLICE, left));
    await shop.emptyOutbox(activity);
  }
}

/** What a reservation costs in each group, by round; the groups take turns. */
async function inTurns(
  shop: Shop,
  groups: readonly ActivityRow[][],
  load: Load,
): Promise<number[][]> {
  const costs: number[][] = groups.map(() => []);
  for (let round = 0; round <= ROUNDS; round += 1) {
    for (const [index, group] of groups.entries()) {
      const cost = await costOf(shop.link.redis, load.purchases, () => sellTo(shop, group, load));
      // The first round warms up.
      if (round > 0) costs[index]?.push(cost);
      for (const activity of group) await shop.emptyOutbox(activity);
    }
  }
  return costs;
}

async function sellTo(
  shop: Shop,
  group: readonly ActivityRow[],
  { purchases, batch }: Load,
): Promise<void> {
  const byId = new Map(group.map((activity) => [activity.activityId, activity]));
  let turn = 0;
  async function origin(): Promise<void> {
    const reserver = reserverOf(shop, byId);
    while (turn * batch < purchases) {
      const activity = group[turn % group.length];
      turn += 1;
      if (activity === undefined) throw new Error('a group without activities');
      await Promise.all(Array.from({ length: batch }, () => buy(reserver, activity)));
    }
  }
  await Promise.all(Array.from({ length: ORIGINS }, origin));
}

async function buy(reserver: Reserver, { activityId }: ActivityRow): Promise<void> {
  const ulid = mintUlid(Date.now());
  const userId = `user-${ulid}`;
  const { kind } = await reserver.reserve({
    ...{ activityId, ulid, userId, quantity: 1, traceparent: undefined },
  });
  if (kind !== 'reserved') throw new Error(`a reservation was answered ${kind}`);
}

const reserverOf = ({ link }: Shop, byId: ReadonlyMap<string, ActivityRow>): Reserver =>
  createReserver({
    link,
    registry: { byId: (id) => byId.get(id) },
    script: luaScript('reserve'),
    seen: createSeenSequences(),
    userKey: (userId) => userId,
    onDistrust: (_activity, reason) => {
      throw new Error(`distrusted: ${reason}`);
    },
    onBatch: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
