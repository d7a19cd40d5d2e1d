// GET /api/sales/:skuId: the sale as everybody may see it.
import { publicSale } from '../../shared/sale-status.ts';
import { refuse, respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import type { SaleStatuses } from './sale-statuses.ts';
import { serverTime } from './status-memory.ts';

export async function showSale(
  statuses: SaleStatuses,
  call: Call,
  skuId: string,
): Promise<Response> {
  const reading = await statuses.read(skuId, call);
  switch (reading.kind) {
    case 'missing':
      return refuse(call, { kind: 'unknown-sku' });
    case 'away':
      return refuse(call, { kind: 'unavailable', retryAfterSeconds: 1 });
    case 'sale': {
      const { sale } = reading;
      const body = publicSale(sale.status, serverTime(sale, Date.now()));
      const headers = { 'cache-control': 'public, max-age=1' };
      return respondJson(call, { status: 200, headers, body });
    }
  }
}
