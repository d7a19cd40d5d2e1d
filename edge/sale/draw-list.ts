// GET /api/sales/:skuId/draw: the public list of a draw, a page at a time; the origin has it.
import { isSkuId } from '../../shared/words.ts';
import { refuse } from '../answer.ts';
import type { Call } from '../call.ts';
import { askAndRelay } from '../forward/ask-and-relay.ts';
import type { AskOrigin } from '../forward/origin.ts';

const TIMEOUT_MS = 3_000;

export async function showDrawList(
  askOrigin: AskOrigin,
  call: Call,
  skuId: string,
): Promise<Response> {
  if (!isSkuId(skuId)) return refuse(call, { kind: 'unknown-sku' });
  const from = new URL(call.request.url).searchParams.get('from') ?? '0';
  if (!/^\d{1,9}$/.test(from)) return refuse(call, { kind: 'not-found' });
  const path = `/api/sales/${skuId}/draw?from=${from}`;
  return askAndRelay(askOrigin, { method: 'GET', path, claims: {}, timeoutMs: TIMEOUT_MS }, call);
}
