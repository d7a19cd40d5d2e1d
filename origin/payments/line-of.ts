// Whether people wait in a sale's line, as its status document says.
import { edgeKeys } from '../../shared/keys.ts';
import { parseSaleStatus } from '../../shared/sale-status.ts';
import type { Redis } from '../redis/client.ts';
import type { SettleParts } from './settled.ts';

/** `unsure` while the line's Redis is away. A sale that is over, or has no line, has nobody waiting. */
export function createLineOf(
  redis: Redis,
  onError: (error: unknown) => void,
): SettleParts['lineOf'] {
  return async function lineOf(skuId) {
    try {
      const text = await redis.get(edgeKeys.saleStatus(skuId));
      const status = text === null ? undefined : parseSaleStatus(text);
      const isOver = status === undefined || status.state === 'ENDED' || status.state === 'CLOSED';
      return isOver || status.waiting <= 0 ? 'nobody-waits' : 'people-wait';
    } catch (error) {
      onError(error);
      return 'unsure';
    }
  };
}
