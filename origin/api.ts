// The origin's HTTP application with the routes of all parts, in the order of a purchase's way.
import type { FastifyInstance } from 'fastify';
import { editsInRedis } from './activities/open-edits.ts';
import type { ActivityRegistry } from './activities/registry.ts';
import { registerActivityRoutes } from './activities/routes.ts';
import { readBuildInfo } from './actuator/build-info.ts';
import { registerEdgeEventRoutes } from './actuator/edge-events.ts';
import type { Metrics } from './actuator/metrics.ts';
import { type AppOptions, createApp } from './app.ts';
import type { OriginConfig } from './config.ts';
import { registerDeadLetterRoutes } from './dead-letters/routes.ts';
import type { Dependencies } from './dependencies.ts';
import { registerDrawRoutes } from './draw/routes.ts';
import { registerForgetRoute } from './forgetting/routes.ts';
import type { Selling } from './inventory/open-inventory.ts';
import { registerLapseRoutes } from './inventory/routes.ts';
import { registerLineAdminRoutes } from './line/admin-routes.ts';
import { registerSaleRoutes } from './line/routes.ts';
import type { Log } from './log.ts';
import type { Nudges } from './nudge.ts';
import { registerOpenApiRoutes } from './openapi/routes.ts';
import { openBacklog } from './order-log/backlog.ts';
import { readKnownOrder } from './orders/known-order.ts';
import { ordersOfUser } from './orders/orders-of-user.ts';
import { registerOrderRoutes } from './orders/routes.ts';
import { registerPaymentRoutes } from './payments/callback.ts';
import type { Till } from './payments/open-payments.ts';
import { registerRefundRoute } from './payments/refund-route.ts';
import { createWebhookCheck } from './payments/webhook.ts';
import { registerReconcileRoutes } from './reconcile/routes.ts';
import { luaScript } from './redis/lua.ts';
import { createHeldUnits } from './reserve/held-units.ts';
import { createReserver } from './reserve/reserver.ts';
import { registerReserveRoutes } from './reserve/routes.ts';
import type { SeenSequences } from './reserve/seen.ts';
import type { LiveSettings } from './settings/live-settings.ts';
import { createTokenCheck } from './signature/admin-token.ts';
import type { SignatureHookOptions } from './signature/hook.ts';
import { createSignatureCheck } from './signature/signature.ts';
import { trustClaims } from './signature/trusted-claims.ts';

export interface Parts extends Selling, Till {
  readonly config: OriginConfig;
  readonly log: Log;
  readonly startedAt: number;
  readonly metrics: Metrics;
  readonly dependencies: Dependencies;
  readonly registry: ActivityRegistry;
  readonly settings: LiveSettings;
  readonly seen: SeenSequences;
  readonly userKey: (userId: string) => string;
  readonly nudges: Nudges;
}

export interface Api {
  /** For the listener: believes signatures and admins' tokens. */
  readonly app: FastifyInstance;
  /**
   * The same routes for callers inside this process that have checked who is calling: believes the
   * claims that it is given. It never gets a listener.
   */
  readonly inner: FastifyInstance;
  readonly signature: SignatureHookOptions;
}

export function createApi(parts: Parts): Api {
  const { config, startedAt, log, metrics } = parts;
  const checkToken = createTokenCheck({ secret: config.JWT_SECRET, jwksUrl: config.JWKS_URL });
  const signature: SignatureHookOptions = {
    checkSignature: createSignatureCheck({
      keys: config.EDGE_SIGNATURE_KEYS,
      hostnames: config.ORIGIN_HOSTNAMES.split(','),
      startedAt,
    }),
    checkToken,
    allowUnsigned: config.ALLOW_UNSIGNED,
    onRefused: () => metrics.refused('edge-signature'),
  };
  const onSurprise: AppOptions['onSurprise'] = (error, { method, routeOptions }) =>
    log.error({ err: error, method, route: routeOptions.url }, 'a request met a surprise');
  const routes = createRoutes(parts);
  const inner = { ...signature, checkSignature: trustClaims, allowUnsigned: false };
  return {
    app: createApp({ signature, onSurprise, routes }),
    inner: createApp({ signature: inner, onSurprise, routes }),
    signature,
  };
}

function createRoutes(parts: Parts): AppOptions['routes'] {
  const { config, log, metrics, dependencies, registry, settings, seen, userKey, nudges } = parts;
  const { distrust, room, receipts, gateway, find, payments, inventory } = parts;
  const { store, link, durability, edgeRedis } = dependencies;
  const onError = (error: unknown): void => {
    metrics.failed('redis');
    log.debug({ err: error }, 'a reservation got no decision');
  };
  const toUnknown = (error: unknown): undefined => {
    onError(error);
  };
  const reserver = createReserver({
    link,
    registry,
    script: luaScript('reserve'),
    seen,
    userKey,
    hasRoom: (activityId) => room.hasRoom(activityId),
    isDurable: (skuId) => durability.isDurable(skuId),
    onDistrust: (activity, reason) => distrust.report(activity, reason),
    onBatch: (batch) => metrics.reserveBatch(batch),
    onError,
  });
  return function registerRoutes(app) {
    registerReserveRoutes(app, {
      registry,
      reserver,
      receipts,
      gateway,
      heldUnits: createHeldUnits({ link, onError }),
      seen,
      find,
      store,
      findKnown: (parts) => readKnownOrder(link, parts).catch(toUnknown),
      ordersOfUser: (of) => ordersOfUser(store, of),
      isSelling: () => settings.current().selling === 'on',
      onOutcome(kind) {
        metrics.funnel('entered');
        if (kind === 'reserved') metrics.funnel('reserved');
      },
    });
    registerEdgeEventRoutes(app, { metrics });
    registerOpenApiRoutes(app, readBuildInfo());
    const orders = { find, registry, inventory, gateway, payments, receipts, store };
    registerOrderRoutes(app, orders);
    registerPaymentRoutes(app, {
      ...{ payments, find, metrics: parts.paymentMetrics },
      check: createWebhookCheck(config.WEBHOOK_SECRET),
    });
    registerRefundRoute(app, orders);
    registerDeadLetterRoutes(app, { store, link, registry });
    registerReconcileRoutes(app, { store, link, userKey, backlog: openBacklog(config, log) });
    registerLapseRoutes(app, { inventory, registry, store });
    registerSaleRoutes(app, { edgeRedis });
    registerLineAdminRoutes(app, {
      ...{ store, registry, edgeRedis, log },
      onPinned: () => nudges.line.nudge(),
    });
    registerForgetRoute(app, { store, registry, edgeRedis, userKey, log });
    registerDrawRoutes(app, { store, registry });
    registerActivityRoutes(app, {
      store,
      redis: editsInRedis(parts, onError),
      onChanged: () => void registry.refresh().then(nudge, onError),
    });
  };
  function nudge(): void {
    for (const one of Object.values(nudges)) one.nudge();
  }
}
