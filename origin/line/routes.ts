// GET /api/sales/{skuId} at the origin: the same document that edges read, without their caches.
import type { FastifyInstance } from 'fastify';
import { edgeKeys } from '../../shared/keys.ts';
import { parseSaleStatus, publicSale } from '../../shared/sale-status.ts';
import { isSkuId } from '../../shared/words.ts';
import type { Redis } from '../redis/client.ts';
import { sendRefusal } from '../reply.ts';

export interface SaleRouteOptions {
  readonly edgeRedis: Redis;
  readonly now?: () => number;
}

const RETRY_AFTER_SECONDS = 1;

export function registerSaleRoutes(
  app: FastifyInstance,
  { edgeRedis, now = Date.now }: SaleRouteOptions,
): void {
  app.get<{ Params: { skuId: string } }>('/api/sales/:skuId', async (request, reply) => {
    const { skuId } = request.params;
    if (!isSkuId(skuId)) return sendRefusal(request, reply, { kind: 'unknown-sku' });
    let text: string | null;
    try {
      text = await edgeRedis.get(edgeKeys.saleStatus(skuId));
    } catch (error) {
      request.log.warn({ err: error }, 'no sale status without the edge Redis');
      const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
      return sendRefusal(request, reply, refusal);
    }
    const status = text === null ? undefined : parseSaleStatus(text);
    if (status === undefined) return sendRefusal(request, reply, { kind: 'unknown-sku' });
    return reply.header('cache-control', 'public, max-age=1').send(publicSale(status, now()));
  });
}
