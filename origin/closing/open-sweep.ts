// The sweep with the parts of this origin.
import type { Dependencies } from '../dependencies.ts';
import { luaScript } from '../redis/lua.ts';
import { sweepAbandoned } from './leave-sku.ts';
import type { SweepOptions } from './sweep.ts';

export interface SweepParts {
  readonly dependencies: Pick<Dependencies, 'store' | 'link' | 'edgeRedis'>;
  readonly userKey: (userId: string) => string;
}

export function openSweep(
  { dependencies, userKey }: SweepParts,
  signal: AbortSignal = new AbortController().signal,
): SweepOptions {
  const { store, link, edgeRedis } = dependencies;
  return { inventory: link.redis, edgeRedis, store, script: luaScript('sweep'), userKey, signal };
}

/** As the loader wants it; rejects when Redis or the database is away. */
export function abandonedSweep(
  parts: SweepParts,
  signal: AbortSignal,
): (skuId: string) => Promise<boolean> {
  const sweep = openSweep(parts, signal);
  const { store } = parts.dependencies;
  return (skuId) =>
    sweepAbandoned(sweep, {
      skuId,
      async isServed({ activityId }) {
        const row = await store.findActivity(activityId);
        const isServing = row?.state === 'LOADED' || row?.state === 'CLOSING';
        return isServing && row.skuId === skuId;
      },
    });
}
