// GET /api/sales/{skuId}/draw: all that is public of a draw, its entries a page at a time.
import type { FastifyInstance } from 'fastify';
import type { ActivityRegistry } from '../activities/registry.ts';
import { sendRefusal } from '../reply.ts';
import type { Store } from '../store/store.ts';
import { drawPageOf } from './draw-report.ts';

export interface DrawRouteOptions {
  readonly store: Pick<Store, 'drawPages'>;
  readonly registry: Pick<ActivityRegistry, 'current'>;
}

const FROM = /^\d{1,9}$/;
const RETRY_AFTER_SECONDS = 1;

export function registerDrawRoutes(
  app: FastifyInstance,
  { store, registry }: DrawRouteOptions,
): void {
  app.get<{ Params: { skuId: string }; Querystring: { from?: unknown } }>(
    '/api/sales/:skuId/draw',
    async (request, reply) => {
      const row = registry.current(request.params.skuId);
      if (row === undefined) return sendRefusal(request, reply, { kind: 'unknown-sku' });
      const { from = '0' } = request.query;
      if (typeof from !== 'string' || !FROM.test(from)) {
        return sendRefusal(request, reply, { kind: 'not-found' });
      }
      try {
        const page = await drawPageOf(store, row, Number(from));
        if (page === undefined) return sendRefusal(request, reply, { kind: 'not-found' });
        return await reply.header('cache-control', 'public, max-age=1').send(page);
      } catch (error) {
        request.log.warn({ err: error }, 'no list of the draw without the database');
        const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
        return sendRefusal(request, reply, refusal);
      }
    },
  );
}
