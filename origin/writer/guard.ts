// What the writer's guard turned away is ended in Redis as well, before the fence closes: the buyer
// reads CANCELLED there, and the user's count is free.
import type { Inventory } from '../inventory/inventory.ts';
import type { ApplyRecords } from '../order-log/order-log.ts';
import type { OversoldOrder } from '../store/store.ts';

export interface GuardOptions {
  readonly inventory: Pick<Inventory, 'void'>;
  readonly onFailure: (error: unknown) => void;
}

/** As `apply`. Nobody waits for Redis: the alarm closes the fence, and the rebuild does the same. */
export function withGuard(
  apply: ApplyRecords,
  { inventory, onFailure }: GuardOptions,
): ApplyRecords {
  const end = (order: OversoldOrder) => inventory.void(order, 'OVERSOLD_GUARD');
  return async (records) => {
    const result = await apply(records);
    if (result.oversold !== undefined) void Promise.all(result.oversold.map(end)).catch(onFailure);
    return result;
  };
}
