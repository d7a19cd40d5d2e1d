// The keys of an activity's units in the order in which every script takes them.
import { inventoryKeys } from '../../shared/keys.ts';
import type { OrderIdParts } from '../../shared/order-id.ts';

/** Keys 1 to 8; scripts that need fewer take the first of them. */
export const stockKeys = (skuId: string): string[] => [
  inventoryKeys.activity(skuId),
  inventoryKeys.stock(skuId),
  inventoryKeys.sold(skuId),
  inventoryKeys.sequence(skuId),
  inventoryKeys.outbox(skuId),
  inventoryKeys.pending(skuId),
  inventoryKeys.orders(skuId),
  inventoryKeys.lapsed(skuId),
];

/** Keys 9 and 10 of the scripts that change one order. */
export const orderKeys = (parts: OrderIdParts, userKey: string): string[] => [
  inventoryKeys.orderStatus(parts),
  inventoryKeys.userPurchase(parts.skuId, userKey),
];
