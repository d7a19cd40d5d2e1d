// POST /api/admin/users/{userId}/forget: one bounded step; whoever asks repeats it until it is done.
import type { FastifyInstance } from 'fastify';
import { edgeKeys } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';
import { isUserId } from '../../shared/words.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Log } from '../log.ts';
import type { Redis } from '../redis/client.ts';
import { sendRefusal } from '../reply.ts';
import type { PeopleStore } from '../store/people-port.ts';

export interface ForgetRouteOptions {
  readonly store: PeopleStore;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  readonly edgeRedis: Redis;
  readonly userKey: (userId: string) => string;
  readonly log: Log;
}

type Params = { readonly Params: { readonly userId: string } };

const ORDERS_PER_STEP = 500;
const KEYS_PER_CALL = 500;
const RETRY_AFTER_SECONDS = 1;

export function registerForgetRoute(app: FastifyInstance, options: ForgetRouteOptions): void {
  app.post<Params>('/api/admin/users/:userId/forget', async (request, reply) => {
    const { role, sub = 'admin' } = request.caller;
    if (role !== 'admin') return sendRefusal(request, reply, { kind: 'forbidden' });
    const { userId } = request.params;
    if (!isUserId(userId)) return sendRefusal(request, reply, { kind: 'not-found' });
    try {
      const forgotten = await forgetOneStep(options, { userId, actor: sub });
      // Whose request this was must not stand in the log.
      options.log.info({ actor: sub, ...forgotten }, 'a user was forgotten');
      return reply.code(200).send(forgotten);
    } catch (error) {
      if (!(error instanceof InfrastructureError)) throw error;
      const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
      return sendRefusal(request, reply, refusal);
    }
  });
}

export interface Forgotten {
  /** Keys of places and of how the user came. */
  readonly keys: number;
  /** Orders that bear a pseudonym from now on. */
  readonly orders: number;
  readonly isMore: boolean;
}

async function forgetOneStep(
  { store, registry, edgeRedis, userKey }: ForgetRouteOptions,
  { userId, actor }: { readonly userId: string; readonly actor: string },
): Promise<Forgotten> {
  const user = userKey(userId);
  const skuIds = [...new Set(registry.all().map(({ skuId }) => skuId))];
  const named = skuIds.flatMap((skuId) => [
    edgeKeys.place(skuId, user),
    edgeKeys.cadence(skuId, user),
  ]);
  let keys = 0;
  for (let at = 0; at < named.length; at += KEYS_PER_CALL) {
    const removals = named.slice(at, at + KEYS_PER_CALL).map((key) => edgeRedis.unlink(key));
    const removed = await Promise.all(removals).catch((cause: unknown) => {
      throw new InfrastructureError('redis-away', 'the edge Redis does not answer', { cause });
    });
    keys += removed.reduce((sum, count) => sum + count, 0);
  }
  const now = Date.now();
  const pseudonym = `forgotten-${mintUlid(now)}`;
  const orders = await store.forgetUser({
    ...{ userId, pseudonym, actor, now, limit: ORDERS_PER_STEP },
  });
  return { keys, orders, isMore: orders === ORDERS_PER_STEP };
}
