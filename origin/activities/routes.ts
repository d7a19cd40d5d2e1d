// POST /api/activities and GET /api/activities/{activityId}, for administrators.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUlid, mintUlid } from '../../shared/order-id.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import { sendRefusal } from '../reply.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { parseActivityBody } from './body.ts';
import { activityView, entityTag, isNamedBy } from './view.ts';

export interface ActivityRouteOptions {
  readonly store: Pick<Store, 'insertActivity' | 'findActivity'>;
  /** Hears of a new activity before its maker does, so that nothing waits for the next round. */
  readonly onCreated: (activity: ActivityRow) => void;
  readonly now?: () => number;
}

type Answer =
  | { readonly kind: 'activity'; readonly activity: ActivityRow }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };

const RETRY_AFTER_SECONDS = 1;

/** Registers the routes; the caller's claims and the raw body are the application's to provide. */
export function registerActivityRoutes(app: FastifyInstance, options: ActivityRouteOptions): void {
  const { onCreated, now = Date.now } = options;

  app.post('/api/activities', async (request, reply) => {
    const answer = await whenAdmin(request, () => create(options, request.body, now()));
    if (answer.kind === 'refusal') return sendRefusal(request, reply, answer.refusal);
    onCreated(answer.activity);
    reply.code(201).header('location', `/api/activities/${answer.activity.activityId}`);
    return send(reply, answer.activity, now());
  });

  app.get<{ Params: { activityId: string } }>(
    '/api/activities/:activityId',
    async (request, reply) => {
      const answer = await whenAdmin(request, () => find(options, request.params.activityId));
      if (answer.kind === 'refusal') return sendRefusal(request, reply, answer.refusal);
      const tag = entityTag(answer.activity);
      if (isNamedBy(tag, request.headers['if-none-match'])) {
        return reply.code(304).header('etag', tag).send();
      }
      return send(reply, answer.activity, now());
    },
  );
}

async function create(
  { store }: ActivityRouteOptions,
  body: unknown,
  nowMs: number,
): Promise<Answer> {
  const parsed = parseActivityBody(body, nowMs);
  if (parsed.kind === 'malformed') return refuse(parsed);
  if (parsed.kind === 'invalid') return refuse(parsed);
  const inserted = await store.insertActivity({
    activityId: mintUlid(nowMs),
    terms: parsed.terms,
    now: nowMs,
  });
  return inserted.kind === 'inserted'
    ? { kind: 'activity', activity: inserted.activity }
    : refuse(inserted);
}

async function find({ store }: ActivityRouteOptions, activityId: string): Promise<Answer> {
  const activity = isUlid(activityId) ? await store.findActivity(activityId) : undefined;
  return activity === undefined
    ? refuse({ kind: 'unknown-activity' })
    : { kind: 'activity', activity };
}

/** Runs an admin's call. A database that is away fails closed: the caller may repeat. */
async function whenAdmin(request: FastifyRequest, call: () => Promise<Answer>): Promise<Answer> {
  if (request.caller.role !== 'admin') return refuse({ kind: 'forbidden' });
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    request.log.warn({ code: error.code }, 'activity call without its database');
    return refuse({ kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}

function send(reply: FastifyReply, activity: ActivityRow, nowMs: number): FastifyReply {
  return reply
    .header('etag', entityTag(activity))
    .header('cache-control', 'no-store')
    .send(activityView(activity, nowMs));
}

const refuse = (refusal: Refusal): Answer => ({ kind: 'refusal', refusal });
