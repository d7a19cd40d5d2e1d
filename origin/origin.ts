// One origin, put together: dependencies, the asynchronous half, the jobs, the two listeners.
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { startRegistry } from './activities/registry.ts';
import { createActuator } from './actuator/app.ts';
import { readBuildInfo } from './actuator/build-info.ts';
import { createHealth, type HealthCheck } from './actuator/health.ts';
import { createMetrics } from './actuator/metrics.ts';
import { checkRedisSettings } from './actuator/redis-settings.ts';
import { createApi, type Parts } from './api.ts';
import type { OriginConfig } from './config.ts';
import { openDependencies, redisDemands } from './dependencies.ts';
import { startGrpc } from './grpc/start.ts';
import { openInventory } from './inventory/open-inventory.ts';
import { campaignForJobs } from './jobs.ts';
import { meterLoad } from './line/health/load-meter.ts';
import { startLoadReports } from './line/health/report-load.ts';
import type { Log } from './log.ts';
import { createNudges } from './nudge.ts';
import { openPayments } from './payments/open-payments.ts';
import { type Pipeline, startPipeline } from './pipeline.ts';
import { pingAll, pingAny } from './redis/nodes.ts';
import { announceOrigin } from './registration/announce.ts';
import { createSeenSequences } from './reserve/seen.ts';
import { createUserKey } from './reserve/user-key.ts';
import { createSettingsMetrics } from './settings/metrics.ts';
import { openSettings } from './settings/open-settings.ts';

export interface Origin {
  readonly url: string;
  readonly actuatorUrl: string;
  /** undefined where this process does not serve the API. */
  readonly grpcPort: number | undefined;
  /** Answers what is under way, gives up leads, finishes batches, closes connections. */
  close(): Promise<void>;
}

const HOUSEKEEPING_EVERY_MS = 1_000;

export async function startOrigin(config: OriginConfig, log: Log): Promise<Origin> {
  const startedAt = Date.now();
  const { metrics, meter } = meterLoad(createMetrics());
  const dependencies = await openDependencies(config, log);
  const registry = await startRegistry(dependencies.store, (error) => {
    metrics.failed('registry');
    log.debug({ err: error }, 'activities could not be read');
  });
  const onEvent = createSettingsMetrics(metrics.registry);
  const settings = await openSettings(config, { log, onEvent });
  const userKey = createUserKey(config.USER_KEY_SECRET);
  const nudges = createNudges();
  const seen = createSeenSequences();
  const selling = openInventory({
    ...{ dependencies, registry, seen, userKey },
    outboxLimit: config.OUTBOX_LIMIT,
    onError(error) {
      metrics.failed('redis');
      log.debug({ err: error }, 'an inventory call got no decision');
    },
  });
  const till = openPayments({ ...selling, config, dependencies, registry, metrics, log });
  const parts = {
    ...selling,
    ...till,
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
  const { app, inner, signature } = createApi(parts);
  let isServing = true;
  let isReady = true;
  const checks = healthChecks(parts, pipeline);
  const onDown = (name: string, cause: unknown) =>
    log.debug({ err: cause, name }, 'a health check failed');
  const health = createHealth(checks, { onDown });
  const build = readBuildInfo();
  const actuator = createActuator({
    checks,
    registry: {
      contentType: metrics.registry.contentType,
      metrics() {
        // A process that slept past its lease must not say what it knew before.
        metrics.leads(dependencies.leadership.leads());
        return metrics.registry.metrics();
      },
    },
    build,
    profile: config.PROFILE,
    startedAt,
    isServing: () => isServing,
    onDown,
  });
  const housekeeping = setInterval(() => {
    metrics.lag(pipeline.lag());
    void health('readiness').then(({ status }) => {
      isReady = status === 'UP';
    });
    seen.keep((activityId) => registry.byId(activityId) !== undefined);
  }, HOUSEKEEPING_EVERY_MS);
  const loadReports = startLoadReports({
    ...{ redis: dependencies.edgeRedis, instance: config.INSTANCE, meter },
    onError(error) {
      metrics.failed('line');
      log.debug({ err: error }, 'the load could not be reported');
    },
  });
  await actuator.listen({ host: config.ORIGIN_HOST, port: config.ACTUATOR_PORT });
  const isApi = config.ROLES.includes('api');
  if (isApi) await app.listen({ host: config.ORIGIN_HOST, port: config.ORIGIN_PORT });
  const grpc = isApi
    ? await startGrpc({ config, log }, { inner, signature, isReady: () => isReady })
    : undefined;
  const announcement = isApi
    ? announceOrigin({
        ...{ config, startedAt, registration: dependencies.registration },
        ...{ url: urlOf(app), version: build.version, isReady: () => isReady },
      })
    : undefined;
  return {
    url: urlOf(app),
    actuatorUrl: urlOf(actuator),
    grpcPort: grpc?.port,
    async close() {
      isServing = false;
      grpc?.drain();
      await announcement?.withdraw();
      // Edges stop calling before the listener stops.
      if (announcement !== undefined) await pause(config.DRAIN_SECONDS * 1_000);
      clearInterval(housekeeping);
      await loadReports.close();
      await Promise.all([app.close(), grpc?.close()]);
      await inner.close();
      registry.close();
      selling.room.close();
      await settings.close();
      await dependencies.leadership.close();
      await pipeline.close();
      await actuator.close();
      await dependencies.close();
    },
  };
}

function healthChecks({ config, dependencies }: Parts, pipeline: Pipeline): HealthCheck[] {
  const { store, link, edgeRedis, leadership } = dependencies;
  const checkCluster = () => pingAll(link.redis);
  const wholeCluster = { name: 'redisCluster', check: checkCluster, neededFor: 'health' } as const;
  return [
    // Of a cluster one server that answers has activities to sell.
    { name: 'redis', check: () => pingAny(link.redis), neededFor: 'readiness' },
    {
      name: 'redisSettings',
      check: () => checkRedisSettings(link.redis, redisDemands(config)),
      neededFor: 'readiness',
    },
    ...(config.REDIS_CLUSTER ? [wholeCluster] : []),
    { name: 'edgeRedis', check: () => pingAll(edgeRedis), neededFor: 'health' },
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
