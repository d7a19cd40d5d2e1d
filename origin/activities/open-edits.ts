// What an edit does in Redis, with the parts of this origin.
import { leaveSku } from '../closing/leave-sku.ts';
import { openSweep, type SweepParts } from '../closing/open-sweep.ts';
import type { Inventory } from '../inventory/inventory.ts';
import { luaScript } from '../redis/lua.ts';
import type { EditsInRedis } from './edit.ts';
import { createEditsInRedis } from './edits-in-redis.ts';

export function editsInRedis(
  parts: SweepParts & { readonly inventory: Inventory },
  onError: (error: unknown) => void,
): EditsInRedis {
  const { store, link, edgeRedis } = parts.dependencies;
  const sweep = { ...openSweep(parts), setStatus: luaScript('set-status') };
  return createEditsInRedis({
    ...{ store, link, edgeRedis, inventory: parts.inventory, onError },
    script: luaScript('revise'),
    withholdDraw: luaScript('withhold-draw'),
    leaveSku: (before) => leaveSku(sweep, before),
  });
}
