// POST /api/admin/lapses/{skuId}/{userId}/lift: an operator forgives a user's unpaid expiries.
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ActivityRegistry } from '../activities/registry.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import { sendRefusal } from '../reply.ts';
import type { PeopleStore } from '../store/people-port.ts';
import type { Inventory } from './inventory.ts';

export interface LapseRouteOptions {
  readonly inventory: Pick<Inventory, 'liftLapses'>;
  readonly registry: Pick<ActivityRegistry, 'current'>;
  readonly store: Pick<PeopleStore, 'liftLapses'>;
}

type Params = { readonly Params: { readonly skuId: string; readonly userId: string } };
const RETRY_SECONDS = 1;
const AWAY = { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS } as const;

export function registerLapseRoutes(
  app: FastifyInstance,
  { inventory, registry, store }: LapseRouteOptions,
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
      const { activityId } = activity;
      // First where a rebuild reads it: what failed in between is done by a repeat.
      try {
        await store.liftLapses({ activityId, userId, now: Date.now() });
      } catch (error) {
        if (!(error instanceof InfrastructureError)) throw error;
        return sendRefusal(request, reply, AWAY);
      }
      const answer = await inventory.liftLapses(activityId, userId);
      switch (answer.kind) {
        case 'lifted':
          return reply.code(200).send({ skuId, userId, lifted: answer.lapses });
        case 'fenced':
          return sendRefusal(request, reply, { kind: 'fenced', retryAfterSeconds: RETRY_SECONDS });
        default:
          return sendRefusal(request, reply, AWAY);
      }
    },
  );
}
