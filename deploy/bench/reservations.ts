// Reservations through the origin's own reserver, against the same script called once per purchase
// over the same client: what batching per turn of the event loop is worth.
import { resolve } from 'node:path';
import { setImmediate as nextTurn, setTimeout } from 'node:timers/promises';
import { loadFacts } from '../../origin/fence/load-facts.ts';
import { stockKeys } from '../../origin/inventory/stock-keys.ts';
import {
  createDurability,
  type Durability,
  parseDurability,
} from '../../origin/redis/durability.ts';
import { connectInventory, type InventoryLink } from '../../origin/redis/inventory-link.ts';
import { luaScript } from '../../origin/redis/lua.ts';
import { reserveCall } from '../../origin/reserve/reserve-call.ts';
import { createReserver } from '../../origin/reserve/reserver.ts';
import { createSeenSequences } from '../../origin/reserve/seen.ts';
import type { ActivityRow } from '../../origin/store/store.ts';
import { inventoryKeys } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';
import { startRedis } from '../local/services/redis.ts';
import type { Service } from '../local/services/service.ts';
import { activityOf } from './activity.ts';
import { type Bench, type BenchResult, median } from './result.ts';

/** What each setting of REDIS_DURABILITY costs; `wait-1` runs with a replica of its own. */
const SETTINGS = ['everysec', 'always', 'wait:1'] as const;
type Setting = (typeof SETTINGS)[number];

const SECONDS = 2;
const ROUNDS = 3;
const IN_FLIGHT = 1_024;
const REPLICA_POLL_MS = 50;

interface Bought {
  readonly count: number;
  readonly perSecond: number;
}

export const reservations: Bench = {
  name: 'reservations',
  async run({ dir, progress }) {
    const results: BenchResult[] = [];
    for (const setting of SETTINGS) {
      progress(`reservations, ${setting}`);
      results.push(await measure(resolve(dir, setting.replace(':', '-')), setting));
    }
    return results;
  },
};

async function measure(dir: string, setting: Setting): Promise<BenchResult> {
  const demand = parseDurability(setting);
  const { appendfsync } = demand;
  const redis = await startRedis({ dir, appendfsync, maxmemory: '4gb' });
  const { host, port } = redis;
  const link = await connectInventory({ host, port, name: 'bench', commandTimeoutMs: 10_000 });
  const replica = demand.replicas === 0 ? undefined : await replicaOf(redis, link, dir);
  // What could not be confirmed is a reservation that is not counted, and ends the run.
  const onError = () => undefined;
  const durability = createDurability(demand, { host, port, name: 'bench-wait', onError });
  try {
    while (!(await durability.isDurable('any'))) await setTimeout(REPLICA_POLL_MS);
    const batched: number[] = [];
    const single: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      // In turn, so that a machine whose speed drifts drifts for both.
      batched.push(await runOn(link, `bench_b${round}`, (...on) => buyBatched(...on, durability)));
      single.push(await runOn(link, `bench_s${round}`, buySingly));
    }
    return resultOf(setting, { batched, single });
  } finally {
    durability.close();
    link.close();
    await replica?.stop();
    await redis.stop();
  }
}

/** A replica that has all of it. */
async function replicaOf(redis: Service, link: InventoryLink, dir: string): Promise<Service> {
  const args = ['--replicaof', redis.host, String(redis.port)];
  const replica = await startRedis({ dir: `${dir}-replica`, maxmemory: '4gb', args });
  while (!(await link.redis.info('replication')).includes('state=online')) {
    await setTimeout(REPLICA_POLL_MS);
  }
  return replica;
}

function resultOf(
  setting: Setting,
  { batched, single }: { readonly batched: number[]; readonly single: number[] },
): BenchResult {
  const value = median(batched);
  const ratio = median(batched.map((rate, round) => rate / (single[round] ?? Number.NaN)));
  const least = setting === 'everysec' ? 150_000 : 50_000;
  const isQuick = setting === 'everysec';
  return {
    name: `reservations-${setting.replace(':', '-')}`,
    value,
    unit: '/s',
    ratio,
    against: 'one EVALSHA per purchase',
    budget: `>= ${least / 1_000}K/s${isQuick ? ' and >= 3 x' : ''}`,
    met: value >= least && (!isQuick || ratio >= 3),
  };
}

type Buy = (link: InventoryLink, activity: ActivityRow) => Promise<Bought>;

/** Purchases per second; throws when Redis sold another number than was answered. */
async function runOn(link: InventoryLink, skuId: string, buy: Buy): Promise<number> {
  const activity = activityOf({ skuId, runId: link.runId(skuId) ?? '' });
  await luaScript('load').run(link.redis, stockKeys(skuId), loadFacts(activity, activity.epoch));
  const { count, perSecond } = await buy(link, activity);
  const sold = Number(await link.redis.get(inventoryKeys.sold(skuId)));
  if (sold !== count) throw new Error(`${count} reservations were answered, ${sold} were made`);
  await link.redis.flushall();
  return perSecond;
}

async function buyBatched(
  link: InventoryLink,
  activity: ActivityRow,
  durability: Durability,
): Promise<Bought> {
  const reserver = createReserver({
    link,
    registry: { byId: () => activity },
    script: luaScript('reserve'),
    seen: createSeenSequences(),
    userKey: (userId) => userId,
    isDurable: (skuId) => durability.isDurable(skuId),
    onDistrust: (_activity, reason) => {
      throw new Error(`distrusted: ${reason}`);
    },
    onBatch: () => undefined,
    onError: (error) => {
      throw error;
    },
  });
  return await keepInFlight(async (index) => {
    const outcome = await reserver.reserve({
      activityId: activity.activityId,
      ulid: mintUlid(Date.now()),
      userId: `user-${index}`,
      quantity: 1,
      traceparent: undefined,
    });
    return outcome.kind === 'reserved';
  });
}

async function buySingly(link: InventoryLink, activity: ActivityRow): Promise<Bought> {
  const script = luaScript('reserve');
  const { skuId, activityId, epoch } = activity;
  return await keepInFlight(async (index) => {
    const one = { ulid: mintUlid(Date.now()), userId: `user-${index}`, quantity: 1 };
    const terms = { skuId, activityId, epoch, seen: 0, hasRoom: true };
    const { keys, args } = reserveCall(terms, [one], (userId) => userId);
    const reply = await script.run(link.redis, keys, args);
    return Array.isArray(reply) && reply[1] === 'reserved';
  });
}

/** A fixed number of buyers, each buying again as soon as it has its answer. */
async function keepInFlight(buy: (index: number) => Promise<boolean>): Promise<Bought> {
  await nextTurn();
  const startedAt = performance.now();
  const endsAt = startedAt + SECONDS * 1_000;
  let index = 0;
  let count = 0;
  async function buyer(): Promise<void> {
    while (performance.now() < endsAt) {
      index += 1;
      if (await buy(index)) count += 1;
      else throw new Error('a reservation was refused');
    }
  }
  await Promise.all(Array.from({ length: IN_FLIGHT }, buyer));
  return { count, perSecond: (1_000 * count) / (performance.now() - startedAt) };
}
