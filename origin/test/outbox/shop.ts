// Fills outboxes the way the origin does: with `lua/load.lua` and `lua/reserve.lua`.
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { stockKeys } from '../../inventory/stock-keys.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { luaScript } from '../../redis/lua.ts';
import { reserveCall } from '../../reserve/reserve-call.ts';
import type { Sale } from '../order-log/sale.ts';

export interface Shop {
  readonly redis: ReturnType<typeof connectRedis>;
  /** Sets the SKU's stock, ready to sell. */
  load(sale: Sale): Promise<void>;
  /** Reserves one unit each for so many new users in one call; answers the order ids. */
  reserve(sale: Sale, buyers: number): Promise<string[]>;
  /** How many entries wait in the SKU's outbox. */
  waiting(sale: Sale): Promise<number>;
  close(): void;
}

const HOUR_MS = 3_600_000;
const PRICE = 1_999;
const EPOCH = 1;
const load = luaScript('load');
const reserve = luaScript('reserve');

export async function openShop(place: { host: string; port: number }): Promise<Shop> {
  const redis = connectRedis({ ...place, name: 'shop', commandTimeoutMs: 5_000 });
  await untilReady(redis, 5_000);
  return {
    redis,
    async load(sale) {
      const now = Date.now();
      const facts = [sale.activityId, EPOCH, 1_000_000, now - HOUR_MS, now + HOUR_MS];
      const rest = [1, PRICE, sale.currency, HOUR_MS, now + HOUR_MS];
      await load.run(redis, stockKeys(sale.skuId), [...facts, ...rest]);
    },
    async reserve({ skuId, activityId }, buyers) {
      const ulids = Array.from({ length: buyers }, () => mintUlid(Date.now()));
      const wanted = ulids.map((ulid) => ({ ulid, userId: `user-${ulid}`, quantity: 1 }));
      const terms = { skuId, activityId, epoch: EPOCH, seen: 0, hasRoom: true };
      const { keys, args } = reserveCall(terms, wanted, (userId) => userId);
      const answers = await reserve.run(redis, keys, args);
      const reserved = Array.isArray(answers) ? answers.slice(1) : [];
      if (!reserved.every((answer) => answer === 'reserved')) {
        throw new Error(`not reserved: ${JSON.stringify(answers)}`);
      }
      return ulids.map((ulid) => `${skuId}-${ulid}`);
    },
    waiting: ({ skuId }) => redis.xlen(inventoryKeys.outbox(skuId)),
    close: () => redis.disconnect(),
  };
}
