// What operators and probes ask: a server of its own, on a port that the public never reaches.
import { randomUUID } from 'node:crypto';
import { type FastifyError, type FastifyInstance, type FastifyReply, fastify } from 'fastify';
import type { Registry } from 'prom-client';
import type { Refusal } from '../../shared/refusal.ts';
import { sendRefusal } from '../reply.ts';
import type { BuildInfo } from './build-info.ts';
import { createHealth, type Health, type HealthCheck } from './health.ts';

export interface ActuatorOptions {
  readonly checks: readonly HealthCheck[];
  readonly registry: Pick<Registry, 'metrics' | 'contentType'>;
  readonly build: BuildInfo;
  readonly profile: string;
  /** Epoch ms. */
  readonly startedAt: number;
  /** False from the moment the process begins to close: traffic is sent elsewhere. */
  readonly isServing: () => boolean;
  /** Hears why a part is down. */
  readonly onDown: (name: string, cause: unknown) => void;
}

const UNREADABLE: Refusal = { kind: 'malformed', detail: 'The request cannot be read.' };

export function createActuator(options: ActuatorOptions): FastifyInstance {
  const { registry, build, profile, startedAt, isServing, onDown } = options;
  const health = createHealth(options.checks, options);
  const info = { ...build, startedAt: new Date(startedAt).toISOString(), profile };
  const app = fastify({
    logger: false,
    return503OnClosing: false,
    genReqId: () => randomUUID(),
    frameworkErrors: (_error, request, reply) =>
      sendRefusal(request, reply.header('x-request-id', request.id), UNREADABLE),
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
  });
  app.setErrorHandler((error: FastifyError, request, reply) => {
    if ((error.statusCode ?? 500) < 500) return sendRefusal(request, reply, UNREADABLE);
    onDown('actuator', error);
    return sendRefusal(request, reply, { kind: 'unavailable', retryAfterSeconds: 1 });
  });
  app.addHook('onSend', async (_request, reply) => {
    // A reply is thenable: returned, it would be waited for until it is sent.
    reply.header('cache-control', 'no-store');
  });
  app.setNotFoundHandler((request, reply) => {
    const isKnown = app.hasRoute({ method: 'GET', url: request.url.split('?', 1)[0] ?? '' });
    const refusal: Refusal = isKnown
      ? { kind: 'method-not-allowed', allow: 'GET, HEAD' }
      : { kind: 'not-found' };
    return sendRefusal(request, reply, refusal);
  });

  app.get('/actuator/health', async (_request, reply) => answer(reply, await health('health')));
  // Alive is a process whose event loop turns: a restart mends no dependency.
  app.get('/actuator/health/liveness', async () => ({ status: 'UP', components: {} }));
  app.get('/actuator/health/readiness', async (_request, reply) => {
    const found = await health('readiness');
    return answer(reply, isServing() ? found : { ...found, status: 'DOWN' });
  });
  app.get('/actuator/info', async () => info);
  app.get('/actuator/prometheus', async (_request, reply) =>
    reply.header('content-type', registry.contentType).send(await registry.metrics()),
  );
  return app;
}

function answer(reply: FastifyReply, health: Health): FastifyReply {
  return reply.code(health.status === 'UP' ? 200 : 503).send(health);
}
