// POST /api/admin/reconcile/{activityId}?repair=yes&most=N, for the operator's command line.
import type { FastifyInstance } from 'fastify';
import { isUlid } from '../../shared/order-id.ts';
import { sendRefusal } from '../reply.ts';
import { type ReconcileOptions, reconcile } from './reconcile.ts';

interface Call {
  readonly Params: { readonly activityId: string };
  readonly Querystring: { readonly repair?: string; readonly most?: string };
}

const RETRY_AFTER_SECONDS = 1;
export const MOST_DIFFERENCES = { usual: 100, highest: 10_000 } as const;

export function registerReconcileRoutes(app: FastifyInstance, options: ReconcileOptions): void {
  app.post<Call>('/api/admin/reconcile/:activityId', async (request, reply) => {
    const { activityId } = request.params;
    const { repair, most = String(MOST_DIFFERENCES.usual) } = request.query;
    if (request.caller.role !== 'admin') return sendRefusal(request, reply, { kind: 'forbidden' });
    if (!isUlid(activityId)) return sendRefusal(request, reply, { kind: 'unknown-activity' });
    const cap = /^\d{1,5}$/.test(most) ? Number(most) : 0;
    if (cap < 1 || cap > MOST_DIFFERENCES.highest) {
      return sendRefusal(request, reply, { kind: 'malformed', detail: 'most is 1 to 10000.' });
    }
    const wanted = { repair: repair === 'yes' ? 'yes' : 'no', most: cap } as const;
    try {
      const result = await reconcile(options, activityId, wanted);
      request.log.info({ activityId, kind: result.kind, repair: wanted.repair }, 'reconciled');
      return reply.send(result);
    } catch (error) {
      request.log.warn({ err: error, activityId }, 'could not be reconciled');
      const refusal = { kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS } as const;
      return sendRefusal(request, reply, refusal);
    }
  });
}
