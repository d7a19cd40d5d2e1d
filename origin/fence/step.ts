// The steps of a rebuild, bound to the server on which it began.
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { Script } from '../redis/script.ts';

export type Step = (
  script: Script,
  keys: readonly string[],
  args: readonly (string | number)[],
) => Promise<unknown>;

/** Runs scripts on one server only: after a reconnect, to whatever server, no step runs. */
export function stepsOn(
  link: InventoryLink,
  { skuId, runId }: { readonly skuId: string; readonly runId: string },
): Step {
  return async (script, keys, args) =>
    link.runId(skuId) === runId ? await script.run(link.redis, keys, args) : 'superseded';
}
