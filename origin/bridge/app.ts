// The bridge without its listener: Upstash's REST interface over one Redis connection.
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Redis } from 'ioredis';
import { answerOne, type HttpAnswer } from './answers.ts';
import { createCalls } from './calls.ts';
import type { BridgeConfig } from './config.ts';
import { createEndpoints, type Endpoint } from './endpoints.ts';
import { createScripts } from './scripts.ts';
import { tokenCheck } from './token.ts';

const SCRIPT_LIMIT = 256;
const IN_FLIGHT_LIMIT = 10_000;
const REQUEST_TIMEOUT_MS = 10_000;
const KEEP_ALIVE_TIMEOUT_MS = 72_000;

/**
 * Each answer is JSON: `{result}`, `{error}` or a list of these. 400 for what is no command or
 * what Redis refused, 401 without the token, 413 over a limit, 503 while Redis is away. The
 * connection stays the caller's, to be closed after the app.
 */
export function createApp(
  { token, limits }: Pick<BridgeConfig, 'token' | 'limits'>,
  redis: Redis,
): FastifyInstance {
  const calls = createCalls(redis, createScripts(SCRIPT_LIMIT), IN_FLIGHT_LIMIT);
  const endpoints = createEndpoints(calls, limits);
  const app = fastify({
    logger: false,
    bodyLimit: limits.bodyBytes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
    forceCloseConnections: 'idle',
    exposeHeadRoutes: false,
    frameworkErrors: (error, _request, reply) => answerFailure(error, reply),
  });
  // Clients send JSON under any content type, and bytes as the last word of a path.
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.setErrorHandler<Error>((error, _request, reply) => answerFailure(error, reply));
  app.setNotFoundHandler((_request, reply) => {
    reply.header('allow', 'GET, POST');
    return send(reply, { status: 405, body: { error: 'ERR method not allowed' } });
  });

  app.get('/health', async (_request, reply) => {
    return send(reply, answerOne(await calls.run({ name: 'PING', args: [] }), 'plain'));
  });
  app.register(async (guarded) => {
    guarded.addHook('onRequest', requireToken(token));
    guarded.post('/', handlerOf(endpoints.command));
    guarded.post('/pipeline', handlerOf(endpoints.pipeline));
    guarded.post('/multi-exec', handlerOf(endpoints.transaction));
    guarded.get('/*', handlerOf(endpoints.path));
    guarded.post('/*', handlerOf(endpoints.path));
  });
  return app;
}

function requireToken(token: string) {
  const isAuthorized = tokenCheck(token);
  return async (request: FastifyRequest, reply: FastifyReply) => {
    if (isAuthorized(request.headers.authorization)) return;
    // Whatever else this connection carries is not worth reading.
    reply.header('connection', 'close');
    return send(reply, { status: 401, body: { error: 'Unauthorized' } });
  };
}

function handlerOf(endpoint: Endpoint) {
  return async (request: FastifyRequest, reply: FastifyReply) => {
    // One Redis has no replicas to wait for: the client gets back the token that it sent.
    const syncToken = request.headers['upstash-sync-token'];
    if (syncToken) reply.header('upstash-sync-token', syncToken);
    const answer = await endpoint({
      url: request.raw.url ?? '/',
      body: Buffer.isBuffer(request.body) ? request.body : undefined,
      encoding: request.headers['upstash-encoding'] === 'base64' ? 'base64' : 'plain',
    });
    return send(reply, answer);
  };
}

/** What failed before a handler was reached; a 5xx keeps its reason to itself. */
function answerFailure(error: Error & { statusCode?: number }, reply: FastifyReply) {
  const status = error.statusCode ?? 500;
  const text = status < 500 ? `ERR ${error.message}` : 'ERR internal error';
  return send(reply, { status, body: { error: text } });
}

function send(reply: FastifyReply, { status, body }: HttpAnswer): FastifyReply {
  reply.code(status).header('content-type', 'application/json; charset=utf-8');
  if (status === 503) reply.header('retry-after', '1');
  // While the server closes, a connection that stays open for more calls would hold it up.
  if (!reply.server.server.listening) reply.header('connection', 'close');
  return reply.send(JSON.stringify(body));
}
