// One origin, put together: dependencies, the asynchronous half, the jobs, the two listeners.
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { type ActivityRegistry, startRegistry } from './activities/registry.ts';
import { registerActivityRoutes } from './activities/routes.ts';
import { createActuator } from './actuator/app.ts';
import { readBuildInfo } from './actuator/build-info.ts';
import { registerEdgeEventRoutes } from './actuator/edge-events.ts';
import { createHealth, type HealthCheck } from './actuator/health.ts';
import { createMetrics, type Metrics } from './actuator/metrics.ts';
import { checkRedisSettings } from './actuator/redis-settings.ts';
import { createApp } from './app.ts';
import type { OriginConfig } from './config.ts';
import { type Dependencies, openDependencies } from './dependencies.ts';
import { createDistrust } from './fence/distrust.ts';
import { campaignForJobs } from './jobs.ts';
import { registerSaleRoutes } from './line/routes.ts';
import type { Log } from './log.ts';
import { createNudge, type Nudge } from './nudge.ts';
import { readKnownOrder } from './orders/known-order.ts';
import { ordersOfUser } from './orders/orders-of-user.ts';
import { createReceipts } from './orders/receipts.ts';
import { registerOrderRoutes } from './orders/routes.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import { luaScript } from './redis/lua.ts';
import { announceOrigin } from './registration/announce.ts';
import { createReserver } from './reserve/reserver.ts';
import { registerReserveRoutes } from './reserve/routes.ts';
import { createSeenSequences, type SeenSequences } from './reserve/seen.ts';
import { createUserKey } from './reserve/user-key.ts';
import type { LiveSettings } from './settings/live-settings.ts';
import { createSettingsMetrics } from './settings/metrics.ts';
import { openSettings } from './settings/open-settings.ts';
import { createTokenCheck } from './signature/admin-token.ts';
import { createSignatureCheck } from './signature/signature.ts';

export interface Origin {
  readonly url: string;
  readonly actuatorUrl: string;
  /** Answers what is under way, gives up leads, finishes batches, closes connections. */
  close(): Promise<void>;
}

interface Parts {
  readonly config: OriginConfig;
  readonly log: Log;
  readonly startedAt: number;
  readonly metrics: Metrics;
  readonly dependencies: Dependencies;
  readonly registry: ActivityRegistry;
  readonly settings: LiveSettings;
  readonly seen: SeenSequences;
  readonly userKey: (userId: string) => string;
  readonly nudges: { readonly load: Nudge; readonly line: Nudge };
}

const HOUSEKEEPING_EVERY_MS = 1_000;

export async function startOrigin(config: OriginConfig, log: Log): Promise<Origin> {
  const startedAt = Date.now();
  const metrics = createMetrics();
  const dependencies = await openDependencies(config, log);
  const registry = await startRegistry(dependencies.store, (error) => {
    metrics.failed('registry');
    log.debug({ err: error }, 'activities could not be read');
  });
  const onEvent = createSettingsMetrics(metrics.registry);
  const settings = await openSettings(config, { log, onEvent });
  const userKey = createUserKey(config.USER_KEY_SECRET);
  const nudges = { load: createNudge(), line: createNudge() };
  const seen = createSeenSequences();
  const parts = {
    config,
    log,
    startedAt,
    metrics,
    dependencies,
    registry,
    settings,
    seen,
    userKey,
    nudges,
  };
  const pipeline = await startPipeline(parts);
  if (config.ROLES.includes('jobs')) campaignForJobs(parts);
  const app = createApi(parts);
  let isServing = true;
  let isReady = true;
  const checks = healthChecks(parts, pipeline);
  const onDown = (name: string, cause: unknown) =>
    log.debug({ err: cause, name }, 'a health check failed');
  const health = createHealth(checks, { onDown });
  const build = readBuildInfo();
  const actuator = createActuator({
    checks,
    registry: metrics.registry,
    build,
    profile: config.PROFILE,
    startedAt,
    isServing: () => isServing,
    onDown,
  });
  const housekeeping = setInterval(() => {
    metrics.leads(dependencies.leadership.leads());
    metrics.lag(pipeline.lag());
    void health('readiness').then(({ status }) => {
      isReady = status === 'UP';
    });
    seen.keep((activityId) => registry.byId(activityId) !== undefined);
  }, HOUSEKEEPING_EVERY_MS);
  await actuator.listen({ host: config.ORIGIN_HOST, port: config.ACTUATOR_PORT });
  if (config.ROLES.includes('api')) {
    await app.listen({ host: config.ORIGIN_HOST, port: config.ORIGIN_PORT });
  }
  const announcement = config.ROLES.includes('api')
    ? announceOrigin({
        ...{ config, startedAt, registration: dependencies.registration },
        ...{ url: urlOf(app), version: build.version, isReady: () => isReady },
      })
    : undefined;
  return {
    url: urlOf(app),
    actuatorUrl: urlOf(actuator),
    async close() {
      isServing = false;
      await announcement?.withdraw();
      // Edges stop calling before the listener stops.
      if (announcement !== undefined) await pause(config.DRAIN_SECONDS * 1_000);
      clearInterval(housekeeping);
      await app.close();
      registry.close();
      await settings.close();
      await dependencies.leadership.close();
      await pipeline.close();
      await actuator.close();
      await dependencies.close();
    },
  };
}

function createApi(parts: Parts): FastifyInstance {
  const { config, log, startedAt, metrics, dependencies, registry, seen, userKey, nudges } = parts;
  const { store, link, edgeRedis } = dependencies;
  const onError = (error: unknown): void => {
    metrics.failed('redis');
    log.debug({ err: error }, 'a reservation got no decision');
  };
  const toUnknown = (error: unknown): undefined => {
    onError(error);
  };
  const distrust = createDistrust({ store, registry, onError });
  const reserver = createReserver({
    link,
    registry,
    script: luaScript('reserve'),
    seen,
    userKey,
    onDistrust: (activity, reason) => distrust.report(activity, reason),
    onBatch: (batch) => metrics.reserveBatch(batch),
    onError,
  });
  return createApp({
    signature: {
      checkSignature: createSignatureCheck({
        keys: config.EDGE_SIGNATURE_KEYS,
        hostnames: config.ORIGIN_HOSTNAMES.split(','),
        startedAt,
      }),
      checkToken: createTokenCheck({ secret: config.JWT_SECRET, jwksUrl: config.JWKS_URL }),
      allowUnsigned: config.ALLOW_UNSIGNED,
      onRefused: () => metrics.refused('edge-signature'),
    },
    onSurprise: (error, { method, routeOptions }) =>
      log.error({ err: error, method, route: routeOptions.url }, 'a request met a surprise'),
    routes(app) {
      registerReserveRoutes(app, {
        registry,
        reserver,
        receipts: createReceipts(config.RECEIPT_SECRET),
        seen,
        findKnown: (parts) => readKnownOrder(link, parts).catch(toUnknown),
        ordersOfUser: (of) => ordersOfUser(store, of),
        onOutcome(kind) {
          metrics.funnel('entered');
          if (kind === 'reserved') metrics.funnel('reserved');
        },
      });
      registerEdgeEventRoutes(app, { metrics });
      registerOrderRoutes(app, { link, registry, store, onError: toUnknown });
      registerSaleRoutes(app, { edgeRedis });
      registerActivityRoutes(app, {
        store,
        onCreated: () => void registry.refresh().then(nudge, onError),
      });
    },
  });
  function nudge(): void {
    nudges.load.nudge();
    nudges.line.nudge();
  }
}

function healthChecks({ config, dependencies }: Parts, pipeline: Pipeline): HealthCheck[] {
  const { store, link, edgeRedis, leadership } = dependencies;
  const appendOnly = config.PROFILE === 'testing' ? 'optional' : 'required';
  return [
    { name: 'redis', check: () => link.redis.ping(), neededFor: 'readiness' },
    {
      name: 'redisSettings',
      check: () => checkRedisSettings(link.redis, { appendOnly }),
      neededFor: 'readiness',
    },
    { name: 'edgeRedis', check: () => edgeRedis.ping(), neededFor: 'health' },
    // Selling goes on without these; what they would take waits in the outbox.
    { name: 'database', check: () => store.ping(), neededFor: 'health' },
    { name: 'orderLog', check: () => pipeline.orderLog.ping(), neededFor: 'health' },
    { name: 'leadership', check: () => leadership.ping(), neededFor: 'health' },
  ];
}

function urlOf(app: FastifyInstance): string {
  const address: AddressInfo | string | null = app.server.address();
  return address === null || typeof address === 'string'
    ? ''
    : `http://${address.address}:${address.port}`;
}
