// The keys and arguments of `lua/reserve.lua`.

import { inventoryKeys } from '../../shared/keys.ts';
import { stockKeys } from '../inventory/stock-keys.ts';

export interface ReserveTerms {
  readonly skuId: string;
  readonly activityId: string;
  readonly epoch: number;
  /** The highest sequence of this epoch that the caller has seen. */
  readonly seen: number;
  /** Whether memory and outbox have room for new orders. */
  readonly hasRoom: boolean;
}

export interface Wanted {
  readonly ulid: string;
  /** Without white space. */
  readonly userId: string;
  readonly quantity: number;
  readonly traceparent?: string | undefined;
}

export interface ReserveCall {
  readonly keys: string[];
  readonly args: (string | number)[];
}

/** One call for purchases of one activity. */
export function reserveCall(
  { skuId, activityId, epoch, seen, hasRoom }: ReserveTerms,
  purchases: readonly Wanted[],
  userKey: (userId: string) => string,
): ReserveCall {
  const keys = stockKeys(skuId);
  for (const { ulid } of purchases) keys.push(inventoryKeys.orderStatus({ skuId, ulid }));
  for (const { userId } of purchases) keys.push(inventoryKeys.userPurchase(skuId, userKey(userId)));
  const args = [activityId, epoch, seen, hasRoom ? 0 : 1, tracesOf(purchases)];
  for (const { ulid, userId, quantity } of purchases) args.push(`${ulid} ${quantity} ${userId}`);
  return { keys, args };
}

const tracesOf = (purchases: readonly Wanted[]): string =>
  purchases
    .flatMap(({ ulid, traceparent }) =>
      traceparent === undefined ? [] : [`${ulid} ${traceparent}`],
    )
    .join('\n');
