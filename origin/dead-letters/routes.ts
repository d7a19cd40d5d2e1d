// The operator's decisions about dead letters: POST /api/admin/dead-letters/{id}/replay|discard.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { parseOrderId } from '../../shared/order-id.ts';
import type { OrderStatus } from '../../shared/words.ts';
import type { ActivityRegistry } from '../activities/registry.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import { readKnownOrder } from '../orders/known-order.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import { sendRefusal } from '../reply.ts';
import type { DecisionAnswer, LetterDecision } from '../store/dead-letter-port.ts';
import type { Store } from '../store/store.ts';

export interface DeadLetterRouteOptions {
  readonly store: Pick<Store, 'findDeadLetter' | 'decideDeadLetter' | 'requestFence'>;
  readonly link: Pick<InventoryLink, 'redis'>;
  readonly registry: Pick<ActivityRegistry, 'byId'>;
}

type Params = { readonly Params: { readonly id: string } };

const ID = /^[1-9]\d{0,14}$/;
const RETRY_AFTER_SECONDS = 1;

export function registerDeadLetterRoutes(
  app: FastifyInstance,
  options: DeadLetterRouteOptions,
): void {
  app.post<Params>('/api/admin/dead-letters/:id/replay', (request, reply) =>
    decide(request, reply, async (id) => {
      const status = await statusNow(options, id);
      return decideAs(options, id, { kind: 'replay', status });
    }),
  );
  app.post<Params>('/api/admin/dead-letters/:id/discard', (request, reply) =>
    decide(request, reply, (id) => decideAs(options, id, { kind: 'discard' })),
  );
}

/** Safe to repeat: what was decided stays decided. */
async function decide(
  request: FastifyRequest<Params>,
  reply: FastifyReply,
  work: (id: number) => Promise<DecisionAnswer>,
): Promise<FastifyReply> {
  const { id } = request.params;
  if (request.caller.role !== 'admin') return sendRefusal(request, reply, { kind: 'forbidden' });
  if (!ID.test(id)) return sendRefusal(request, reply, { kind: 'not-found' });
  try {
    const answer = await work(Number(id));
    if (answer.kind === 'unknown') return sendRefusal(request, reply, { kind: 'not-found' });
    request.log.info({ letter: id, answer: answer.kind }, 'a dead letter was decided about');
    return reply.code(answer.kind === 'decided' ? 200 : 409).send(answer);
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
    return sendRefusal(request, reply, refusal);
  }
}

/**
 * Where Redis holds another truth than the row that stands now, a rebuild takes it from the
 * database: a discarded unit becomes free, an order that Redis did not know can be paid.
 */
async function decideAs(
  { store, registry }: DeadLetterRouteOptions,
  id: number,
  decision: LetterDecision,
): Promise<DecisionAnswer> {
  const answer = await store.decideDeadLetter({ id, decision });
  if (answer.kind !== 'decided' || answer.activityId === null) return answer;
  const letter = await store.findDeadLetter(id);
  if (letter?.orderId === null) return answer;
  const isToldByRedis = decision.kind === 'replay' && decision.status === answer.status;
  const activity = registry.byId(answer.activityId);
  if (isToldByRedis || activity?.state !== 'LOADED') return answer;
  const { activityId, epoch } = activity;
  const reason = `dead letter ${id} was ${decision.kind === 'replay' ? 'replayed' : 'discarded'}`;
  await store.requestFence({ activityId, epoch, reason });
  return answer;
}

/** Of the order that the letter is about; null where Redis does not serve its activity. */
async function statusNow(
  { store, link, registry }: DeadLetterRouteOptions,
  id: number,
): Promise<OrderStatus | null> {
  const letter = await store.findDeadLetter(id);
  const parts = parseOrderId(letter?.orderId ?? '');
  if (parts === undefined || registry.byId(letter?.activityId ?? '')?.state !== 'LOADED') {
    return null;
  }
  try {
    return (await readKnownOrder(link, parts))?.status ?? null;
  } catch (cause) {
    throw new InfrastructureError('redis-away', 'the inventory Redis does not answer', { cause });
  }
}
