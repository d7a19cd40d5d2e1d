// What an edit asks of the two Redis, and brings to them. Whatever fails here is made good by the
// leader of the job `adjust`, which compares database and Redis.
import { edgeKeys, inventoryKeys } from '../../shared/keys.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import type { EditsInRedis } from './edit.ts';
import { adjustStock, type KeepTermsOptions, reviseTerms } from './keep-terms.ts';

export interface EditsInRedisOptions extends KeepTermsOptions {
  readonly edgeRedis: Redis;
  /** `lua/withhold-draw.lua`. */
  readonly withholdDraw: Script;
  /** The activity was given another SKU: the keys of the old one go. */
  readonly leaveSku: (before: ActivityRow) => Promise<void>;
  readonly onError: (error: unknown) => void;
}

export function createEditsInRedis(options: EditsInRedisOptions): EditsInRedis {
  const { link, edgeRedis, withholdDraw, onError } = options;
  return {
    async soldOf(row) {
      if (row.state !== 'LOADED') return row.applied.sold;
      try {
        const { skuId, activityId } = row;
        const [id, sold] = await Promise.all([
          link.redis.hget(inventoryKeys.activity(skuId), 'id'),
          link.redis.get(inventoryKeys.sold(skuId)),
        ]);
        return Math.max(row.applied.sold, id === activityId ? Number(sold) : 0);
      } catch (error) {
        onError(error);
        return row.applied.sold;
      }
    },
    async hasEntries(row) {
      if ((row.drawFacts?.entries ?? 0) > 0) return true;
      if (row.state !== 'LOADED') return false;
      try {
        const keys = [edgeKeys.draw(row.skuId)];
        return (await withholdDraw.run(edgeRedis, keys, [row.activityId])) === 'entered';
      } catch (error) {
        onError(error);
        // Nobody can say that it is not so.
        return true;
      }
    },
    async carry(row, before) {
      try {
        if (row.skuId !== before.skuId) await options.leaveSku(before);
        if (row.state !== 'LOADED') return { kind: 'kept' };
        await reviseTerms(options, row);
        if (row.stock === before.stock) return { kind: 'kept' };
        const stockBefore = before.stock;
        return await adjustStock(options, row, { stockBefore, now: Date.now() });
      } catch (error) {
        onError(error);
        return { kind: 'kept' };
      }
    },
  };
}
