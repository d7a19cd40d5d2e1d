// What edges count of themselves becomes metrics here. Signed like every call of theirs.
import type { FastifyInstance } from 'fastify';
import {
  EDGE_EVENTS,
  EDGE_EVENTS_PATH,
  EDGE_STAGES,
  edgeEventsSchema,
} from '../../shared/edge-events.ts';
import { readBody } from '../orders/body.ts';
import { sendRefusal } from '../reply.ts';
import type { Metrics } from './metrics.ts';

export function registerEdgeEventRoutes(
  app: FastifyInstance,
  { metrics }: { readonly metrics: Pick<Metrics, 'funnel' | 'edgeEvent'> },
): void {
  app.post(EDGE_EVENTS_PATH, async (request, reply) => {
    const body = readBody(request, edgeEventsSchema);
    if (body.kind === 'refused') return sendRefusal(request, reply, body.refusal);
    for (const [name, count] of Object.entries(body.value.counts)) {
      const stage = EDGE_STAGES.find((known) => known === name);
      if (stage !== undefined) metrics.funnel(stage, count);
      else metrics.edgeEvent(EDGE_EVENTS.find((known) => known === name) ?? 'other', count);
    }
    return reply.code(204).send();
  });
}
