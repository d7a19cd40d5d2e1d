// A Redis full of orders: sold by `lua/reserve.lua` as origins sell, for benches of what stands there
// afterwards or happens next.
import { loadFacts } from '../../origin/fence/load-facts.ts';
import { stockKeys } from '../../origin/inventory/stock-keys.ts';
import { connectInventory, type InventoryLink } from '../../origin/redis/inventory-link.ts';
import { luaScript } from '../../origin/redis/lua.ts';
import { reserveCall } from '../../origin/reserve/reserve-call.ts';
import type { ActivityRow } from '../../origin/store/store.ts';
import { inventoryKeys, USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';
import { type RedisOptions, startRedis } from '../local/services/redis.ts';
import { type ActivityTraits, activityOf } from './activity.ts';

export interface Sold {
  readonly skuId: string;
  readonly ulid: string;
}

export interface Shop {
  readonly place: { readonly host: string; readonly port: number };
  readonly link: InventoryLink;
  load(traits: Omit<ActivityTraits, 'runId'>): Promise<ActivityRow>;
  /** Sells one unit each to so many users whose names nobody else has; throws when one is refused. */
  sell(activity: ActivityRow, count: number): Promise<Sold[]>;
  /** Forgets what waits in an outbox, as if it had been relayed. */
  emptyOutbox(activity: ActivityRow): Promise<void>;
  close(): Promise<void>;
}

const BATCH = 64;
const CALLS_AT_ONCE = 8;
const load = luaScript('load');
const reserve = luaScript('reserve');

export async function openShop(options: RedisOptions): Promise<Shop> {
  const redis = await startRedis({ maxmemory: '4gb', appendfsync: 'everysec', ...options });
  const { host, port } = redis;
  const link = await connectInventory({ host, port, name: 'bench', commandTimeoutMs: 10_000 });
  let users = 0;

  async function sellBatch(activity: ActivityRow, size: number): Promise<Sold[]> {
    const { skuId, activityId, epoch } = activity;
    const sold = Array.from({ length: size }, () => ({ skuId, ulid: mintUlid(Date.now()) }));
    const wanted = sold.map(({ ulid }) => {
      users += 1;
      const userId = `user-${users}`.padEnd(USER_KEY_PLAIN_LENGTH, '.');
      return { ulid, userId, quantity: 1 };
    });
    const terms = { skuId, activityId, epoch, seen: 0, hasRoom: true };
    const { keys, args } = reserveCall(terms, wanted, (userId) => userId);
    const reply = await reserve.run(link.redis, keys, args);
    const answers = Array.isArray(reply) ? reply.slice(1) : [];
    const refused = answers.find((answer) => answer !== 'reserved');
    if (answers.length !== size || refused !== undefined) throw new Error(`refused: ${refused}`);
    return sold;
  }

  return {
    place: { host, port },
    link,
    async load(traits) {
      const activity = activityOf({ ...traits, runId: link.runId(traits.skuId) ?? '' });
      await load.run(link.redis, stockKeys(traits.skuId), loadFacts(activity, activity.epoch));
      return activity;
    },
    async sell(activity, count) {
      const sold: Sold[] = [];
      let left = count;
      async function seller(): Promise<void> {
        while (left > 0) {
          const size = Math.min(BATCH, left);
          left -= size;
          sold.push(...(await sellBatch(activity, size)));
        }
      }
      await Promise.all(Array.from({ length: CALLS_AT_ONCE }, seller));
      return sold;
    },
    async emptyOutbox({ skuId }) {
      await link.redis.xtrim(inventoryKeys.outbox(skuId), 'MAXLEN', 0);
    },
    async close() {
      link.close();
      await redis.stop();
    },
  };
}
