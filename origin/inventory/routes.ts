// POST /api/admin/lapses/{skuId}/{userId}/lift: an operator forgives a user's unpaid expiries.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ActivityRegistry } from '../activities/registry.ts';
import { sendRefusal } from '../reply.ts';
import type { Inventory } from './inventory.ts';

export interface LapseRouteOptions {
  readonly inventory: Pick<Inventory, 'liftLapses'>;
  readonly registry: Pick<ActivityRegistry, 'current'>;
}

type Params = { readonly Params: { readonly skuId: string; readonly userId: string } };
const RETRY_SECONDS = 1;

export function registerLapseRoutes(
  app: FastifyInstance,
  { inventory, registry }: LapseRouteOptions,
): void {
  app.post(
    '/api/admin/lapses/:skuId/:userId/lift',
    async (request: FastifyRequest<Params>, reply) => {
      if (request.caller.role !== 'admin') {
        return sendRefusal(request, reply, { kind: 'forbidden' });
      }
      const { skuId, userId } = request.params;
      const activity = registry.current(skuId);
      if (activity === undefined) return sendRefusal(request, reply, { kind: 'unknown-sku' });
      const answer = await inventory.liftLapses(activity.activityId, userId);
      switch (answer.kind) {
        case 'lifted':
          return reply.code(200).send({ skuId, userId, lifted: answer.lapses });
        case 'fenced':
          return sendRefusal(request, reply, { kind: 'fenced', retryAfterSeconds: RETRY_SECONDS });
        default:
          return sendRefusal(request, reply, {
            kind: 'unavailable',
            retryAfterSeconds: RETRY_SECONDS,
          });
      }
    },
  );
}
