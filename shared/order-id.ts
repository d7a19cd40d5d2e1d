// An order id is `<skuId>-<ulid>`: it names the place, the reservation, the log record and the row.
import { monotonicFactory } from 'ulid';
import { isSkuId } from './words.ts';

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/;
const nextUlid = monotonicFactory();

export interface OrderIdParts {
  readonly skuId: string;
  readonly ulid: string;
}

export const isUlid = (text: string): boolean => ULID.test(text);

/** Mints an id that no other isolate or process mints: 48 bits of time, 80 bits of randomness. */
export function mintUlid(nowMs: number): string {
  return nextUlid(nowMs);
}

export function orderIdOf({ skuId, ulid }: OrderIdParts): string {
  return `${skuId}-${ulid}`;
}

/** The parts of an order id, or undefined when the text is none. */
export function parseOrderId(text: string): OrderIdParts | undefined {
  const at = text.length - 27;
  if (at < 1 || text[at] !== '-') return undefined;
  const skuId = text.slice(0, at);
  const ulid = text.slice(at + 1);
  return isSkuId(skuId) && isUlid(ulid) ? { skuId, ulid } : undefined;
}
