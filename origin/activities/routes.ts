// The calls about activities, for administrators.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isUlid, mintUlid } from '../../shared/order-id.ts';
import type { Refusal } from '../../shared/refusal.ts';
import { InfrastructureError } from '../infrastructure-error.ts';
import { sendRefusal } from '../reply.ts';
import type { Store } from '../store/store.ts';
import { faultOfEmptyBody, parseActivityBody } from './body.ts';
import { TRANSITIONS } from './decide.ts';
import {
  type EditParts,
  type EditResult,
  moveActivity,
  removeActivity,
  replaceActivity,
} from './edit.ts';
import { cursorBehind, parsePageQuery } from './page.ts';
import { entityTag, isNamedBy } from './versions.ts';
import { activityView } from './view.ts';

export interface ActivityRouteOptions extends EditParts {
  readonly store: EditParts['store'] & Pick<Store, 'insertActivity' | 'activitiesPage'>;
  readonly now?: () => number;
}

interface Named {
  readonly Params: { readonly activityId: string };
}
type Refused = { readonly kind: 'refusal'; readonly refusal: Refusal };

const RETRY_AFTER_SECONDS = 1;
const ONE = '/api/activities/:activityId';

/** Registers the routes; the caller's claims and the raw body are the application's to provide. */
export function registerActivityRoutes(app: FastifyInstance, options: ActivityRouteOptions): void {
  registerCollection(app, options);
  registerOne(app, options);
  const { now = Date.now } = options;
  for (const to of TRANSITIONS) {
    app.post<Named>(`${ONE}/${to}`, async (request, reply) => {
      const result = await whenAdmin(request, async () => {
        const fault = faultOfEmptyBody(request.body);
        if (fault !== undefined) return refuse(fault);
        return named(request) ?? (await moveActivity(options, { ...editBy(request, now()), to }));
      });
      return send(request, reply, { result, nowMs: now() });
    });
  }
}

function registerCollection(app: FastifyInstance, options: ActivityRouteOptions): void {
  const { store, onChanged, now = Date.now } = options;
  app.post('/api/activities', async (request, reply) => {
    const result = await whenAdmin(request, () => create(options, request, now()));
    if (result.kind === 'activity') {
      onChanged(result.activity);
      reply.code(201).header('location', `/api/activities/${result.activity.activityId}`);
    }
    return send(request, reply, { result, nowMs: now() });
  });
  app.get('/api/activities', async (request, reply) => {
    const nowMs = now();
    const result = await whenAdmin(request, async () => {
      const parsed = parsePageQuery(request.query);
      if (parsed.kind === 'refuse') return refuse(parsed.refusal);
      const { limit, ...page } = parsed.page;
      const rows = await store.activitiesPage({ ...page, limit: limit + 1, now: nowMs });
      return { kind: 'page', rows: rows.slice(0, limit), isLast: rows.length <= limit } as const;
    });
    if (result.kind === 'refusal') return sendRefusal(request, reply, result.refusal);
    const last = result.rows.at(-1);
    return reply.header('cache-control', 'no-store').send({
      items: result.rows.map((row) => activityView(row, nowMs)),
      nextCursor: result.isLast || last === undefined ? null : cursorBehind(last),
    });
  });
}

function registerOne(app: FastifyInstance, options: ActivityRouteOptions): void {
  const { store, now = Date.now } = options;
  app.get<Named>(ONE, async (request, reply) => {
    const result = await whenAdmin(request, () => find(store, request.params.activityId));
    if (result.kind === 'activity') {
      const tag = entityTag(result.activity);
      if (isNamedBy(tag, request.headers['if-none-match'])) {
        return reply.code(304).header('etag', tag).send();
      }
    }
    return send(request, reply, { result, nowMs: now() });
  });
  app.put<Named>(ONE, async (request, reply) => {
    const { body } = request;
    const result = await whenAdmin(
      request,
      async () =>
        named(request) ?? (await replaceActivity(options, { ...editBy(request, now()), body })),
    );
    return send(request, reply, { result, nowMs: now() });
  });
  app.delete<Named>(ONE, async (request, reply) => {
    const result = await whenAdmin(
      request,
      async () => named(request) ?? (await removeActivity(options, editBy(request, now()))),
    );
    if (result.kind === 'refusal') return sendRefusal(request, reply, result.refusal);
    return reply.code(204).send();
  });
}

async function create(
  { store }: ActivityRouteOptions,
  { body, caller }: FastifyRequest,
  nowMs: number,
): Promise<EditResult> {
  const parsed = parseActivityBody(body, { createdAt: nowMs });
  if (parsed.kind !== 'terms') return refuse(parsed);
  const { terms } = parsed;
  const activityId = mintUlid(nowMs);
  const inserted = await store.insertActivity({
    activityId,
    terms,
    now: nowMs,
    actor: actorOf(caller),
  });
  return inserted.kind === 'inserted'
    ? { kind: 'activity', activity: inserted.activity }
    : refuse(inserted);
}

async function find(store: Pick<Store, 'findActivity'>, activityId: string): Promise<EditResult> {
  const activity = isUlid(activityId) ? await store.findActivity(activityId) : undefined;
  const isGone = activity === undefined || activity.deletedAt !== null;
  return isGone ? refuse({ kind: 'unknown-activity' }) : { kind: 'activity', activity };
}

/** A refusal where the path names nothing that could be an activity. */
function named(request: FastifyRequest<Named>): Refused | undefined {
  return isUlid(request.params.activityId) ? undefined : refuse({ kind: 'unknown-activity' });
}

function editBy({ params, headers, caller }: FastifyRequest<Named>, now: number) {
  const ifMatch = headers['if-match'];
  return { activityId: params.activityId, ifMatch, actor: actorOf(caller), now };
}

const actorOf = ({ sub }: FastifyRequest['caller']): string => sub ?? 'unknown';

/** Runs an admin's call. A database that is away fails closed: the caller may repeat. */
async function whenAdmin<Result>(
  request: FastifyRequest,
  call: () => Promise<Result>,
): Promise<Result | Refused> {
  if (request.caller.role !== 'admin') return refuse({ kind: 'forbidden' });
  try {
    return await call();
  } catch (error) {
    if (!(error instanceof InfrastructureError)) throw error;
    request.log.warn({ code: error.code }, 'activity call without its database');
    return refuse({ kind: 'unavailable', retryAfterSeconds: RETRY_AFTER_SECONDS });
  }
}

function send(
  request: FastifyRequest,
  reply: FastifyReply,
  { result, nowMs }: { readonly result: EditResult; readonly nowMs: number },
): FastifyReply {
  if (result.kind === 'refusal') return sendRefusal(request, reply, result.refusal);
  return reply
    .header('etag', entityTag(result.activity))
    .header('cache-control', 'no-store')
    .send(activityView(result.activity, nowMs));
}

const refuse = (refusal: Refusal): Refused => ({ kind: 'refusal', refusal });
