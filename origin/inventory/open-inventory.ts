// What sells from one Redis share: the port, the room for new orders, and whom to tell when data
// cannot be trusted.
import type { ActivityRegistry } from '../activities/registry.ts';
import type { Dependencies } from '../dependencies.ts';
import { createDistrust, type Distrust } from '../fence/distrust.ts';
import type { SeenSequences } from '../reserve/seen.ts';
import type { Inventory } from './inventory.ts';
import { createInventory } from './lua-inventory.ts';
import { type Room, watchRoom } from './room.ts';

export interface Selling {
  readonly inventory: Inventory;
  readonly distrust: Distrust;
  readonly room: Room;
}

export function openInventory(options: {
  readonly dependencies: Pick<Dependencies, 'store' | 'link' | 'durability'>;
  readonly registry: ActivityRegistry;
  readonly seen: SeenSequences;
  readonly userKey: (userId: string) => string;
  readonly outboxLimit: number;
  readonly onError: (error: unknown) => void;
}): Selling {
  const { dependencies, registry, seen, userKey, outboxLimit, onError } = options;
  const { store, link, durability } = dependencies;
  const distrust = createDistrust({ store, registry, onError });
  const inventory = createInventory({
    ...{ link, registry, seen, userKey, onError },
    isDurable: (skuId) => durability.isDurable(skuId),
    onDistrust: (activity, reason) => distrust.report(activity, reason),
  });
  return { inventory, distrust, room: watchRoom({ link, registry, outboxLimit, onError }) };
}
