// Puts a draw into the edge Redis: a new one, or what the database knows after a loss. The list
// goes first, so that nobody enters before it is whole.
import { edgeKeys } from '../../shared/keys.ts';
import { keysLifetime } from '../fence/load-facts.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { type DrawMemory, drawPagesOf } from './draw-memory.ts';
import type { StoredDraw } from './stored-draw.ts';

export interface RestoreDrawOptions {
  readonly store: Pick<Store, 'drawPages'>;
  readonly edgeRedis: Redis;
  readonly scripts: {
    readonly openDraw: Script;
    readonly restoreEntries: Script;
    readonly forgetDraw: Script;
  };
}

/** Safe to repeat: two that do it at once write the same, or one begins anew in its next round. */
export async function restoreDraw(
  { store, edgeRedis, scripts }: RestoreDrawOptions,
  row: ActivityRow,
  memory: DrawMemory,
): Promise<void> {
  const { activityId, skuId, entryOpensAt, beacon } = row;
  const keys = [edgeKeys.draw(skuId), edgeKeys.drawEntries(skuId)];
  const lifetime = keysLifetime(row);
  if (memory.entries > 0) {
    for await (const { first, leaves } of drawPagesOf(store, activityId)) {
      const args = [activityId, first, lifetime, leaves];
      const answer = await scripts.restoreEntries.run(edgeRedis, keys, args);
      if (answer !== 'restored') return;
    }
  }
  const { seed, entries, chain } = memory;
  const facts = [seed, beacon ?? '', entries, chain, lifetime];
  await scripts.openDraw.run(edgeRedis, keys, [activityId, entryOpensAt, ...facts]);
}

/**
 * A Redis that went back to an older state gives indices out again: it starts from the database.
 * What another leader has put back meanwhile stays.
 */
export async function forgetDraw(
  { edgeRedis, scripts }: Pick<RestoreDrawOptions, 'edgeRedis' | 'scripts'>,
  { skuId }: ActivityRow,
  seen: StoredDraw,
): Promise<void> {
  await scripts.forgetDraw.run(edgeRedis, [edgeKeys.draw(skuId)], [seen.count, seen.chain]);
}
