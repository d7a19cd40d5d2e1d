// The origin's HTTP application, apart from its listener. A request's way: limits of the server,
// raw body, signature, route. Whatever is refused leaves as a problem document.
import { randomUUID } from 'node:crypto';
import fastify, { type FastifyError, type FastifyInstance, type FastifyRequest } from 'fastify';
import { ADMIN_BODY_LIMIT_BYTES } from '../shared/activity.ts';
import type { Refusal } from '../shared/refusal.ts';
import { sendRefusal } from './reply.ts';
import { addSignatureHook, type SignatureHookOptions } from './signature/hook.ts';

export interface AppOptions {
  readonly signature: SignatureHookOptions;
  /** Registers the routes of each part, in the order of a purchase's way. */
  readonly routes: (app: FastifyInstance) => void;
  /** Hears what no part expected; the caller gets 503. */
  readonly onSurprise: (error: unknown, request: FastifyRequest) => void;
}

const REQUEST_TIMEOUT_MS = 10_000;
const CONNECTION_TIMEOUT_MS = 30_000;
const KEEP_ALIVE_TIMEOUT_MS = 75_000;
const CLOSE_IDLE_EVERY_MS = 50;
declare module 'fastify' {
  interface FastifyContextConfig {
    /** The route looks at the content type itself, behind a check of its own. */
    readsAnyType?: boolean;
  }
}

const REQUEST_ID = /^[\w-]{8,64}$/;
const JSON_TYPE = /^application\/json\s*(;|$)/i;
const RETRY_SECONDS = 1;

/** Methods that the contract knows on the origin's paths; others there are 405. */
const KNOWN_METHODS: readonly (readonly [RegExp, string])[] = [
  [/^\/(openapi\.json|docs|docs\.css)$/, 'GET, HEAD'],
  [/^\/api\/seckill\/status\/[^/]+$/, 'GET, HEAD'],
  [/^\/api\/seckill\/[^/]+$/, 'POST'],
  [/^\/api\/sales\/[^/]+(\/draw)?$/, 'GET, HEAD'],
  [/^\/api\/orders\/[^/]+\/cancel$/, 'POST'],
  [/^\/api\/receipts$/, 'POST'],
  [/^\/api\/payments\/callback$/, 'POST'],
  [/^\/api\/activities$/, 'GET, HEAD, POST'],
  [/^\/api\/activities\/[^/]+\/(pause|resume|end)$/, 'POST'],
  [/^\/api\/activities\/[^/]+$/, 'GET, HEAD, PUT, DELETE'],
];

export function createApp(options: AppOptions): FastifyInstance {
  const app = fastify({
    logger: false,
    // Routes of buyers set a smaller one of their own.
    bodyLimit: ADMIN_BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: CONNECTION_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    // A request that came in before its connection was closed gets its answer, like any other.
    return503OnClosing: false,
    // Paths that no router can read never reach a hook.
    frameworkErrors: (error, request, reply) =>
      sendRefusal(request, reply.header('x-request-id', request.id), refusalOf(error, request)),
    routerOptions: { maxParamLength: 256 },
    genReqId: ({ headers }) => {
      const given = headers['x-request-id'];
      return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
    },
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  closeIdleConnections(app);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  addSignatureHook(app, options.signature);
  app.addHook('preValidation', async (request, reply) => {
    const hasBody = Buffer.isBuffer(request.body) && request.body.length > 0;
    if (request.is404 || !hasBody || request.routeOptions.config.readsAnyType) return;
    if (JSON_TYPE.test(request.headers['content-type'] ?? '')) return;
    return sendRefusal(request, reply, { kind: 'unsupported-media-type' });
  });
  app.setNotFoundHandler((request, reply) => sendRefusal(request, reply, notFound(request)));
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const refusal = refusalOf(error, request);
    if (refusal.kind === 'unavailable') options.onSurprise(error, request);
    return sendRefusal(request, reply, refusal);
  });
  options.routes(app);
  return app;
}

/**
 * A connection whose answer was under way when the close began is kept by its client: it would hold
 * up the close until its keep-alive ends.
 */
function closeIdleConnections(app: FastifyInstance): void {
  app.addHook('preClose', async () => {
    const timer = setInterval(() => app.server.closeIdleConnections(), CLOSE_IDLE_EVERY_MS).unref();
    app.server.once('close', () => clearInterval(timer));
  });
}

function notFound({ method, url }: FastifyRequest): Refusal {
  const path = url.split('?', 1)[0] ?? '';
  const allow = KNOWN_METHODS.find(([pattern]) => pattern.test(path))?.[1];
  if (allow === undefined || allow.split(', ').includes(method)) return { kind: 'not-found' };
  return { kind: 'method-not-allowed', allow };
}

function refusalOf(error: FastifyError, { routeOptions }: FastifyRequest): Refusal {
  switch (error.code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return { kind: 'too-large', limitBytes: routeOptions.bodyLimit };
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return { kind: 'not-found' };
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
    case 'FST_ERR_BAD_URL':
      return { kind: 'malformed', detail: 'The request cannot be read.' };
    default:
      return { kind: 'unavailable', retryAfterSeconds: RETRY_SECONDS };
  }
}
