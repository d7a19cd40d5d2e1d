// The body of a purchase: 415, then 400.
import { parseOrderId } from '../../shared/order-id.ts';
import { type PurchaseBody, purchaseBodySchema } from '../../shared/purchase.ts';
import { type ParsedBody, parseBody } from './parse-body.ts';

/** A purchase whose every member has its form; `againUlid` is '' where it follows no order. */
export interface Wanted extends PurchaseBody {
  readonly againUlid: string;
}

export function parsePurchase(
  request: Request,
  bytes: Uint8Array,
  skuId: string,
): ParsedBody<Wanted> {
  const parsed = parseBody(request, bytes, purchaseBodySchema);
  if (parsed.kind === 'refuse') return parsed;
  const { again } = parsed.value;
  const followed = again === undefined ? undefined : parseOrderId(again);
  if (again !== undefined && followed?.skuId !== skuId) {
    const detail = 'Must be an order id of this item.';
    const errors = [{ pointer: '/again', code: 'invalid', detail } as const];
    const refusal = { kind: 'malformed', detail: 'Some members are wrong; see errors.', errors };
    return { kind: 'refuse', refusal: { ...refusal, kind: 'malformed' } };
  }
  return { kind: 'value', value: { ...parsed.value, againUlid: followed?.ulid ?? '' } };
}
