// The Worker: which call is answered where. What is not listed here does not exist.
import { Hono } from 'hono/tiny';
import { isLocal, readSettings } from '../shared/edge-settings.ts';
import { forwardAdmin } from './activities/activities.ts';
import { refuse } from './answer.ts';
import type { Call } from './call.ts';
import { showChallenge } from './challenge/show-challenge.ts';
import { attest } from './device/attest.ts';
import { createEdge, type Edge } from './edge.ts';
import { createEventCounts } from './event-counts.ts';
import type { Errand } from './forward/origin.ts';
import { createDevelopmentToken } from './identity/development-token.ts';
import { createIsolateLimit } from './ip-limit/isolate-limit.ts';
import { createLog, type Log } from './log.ts';
import { cancelOrder, showReceipt } from './orders/orders.ts';
import { servePage, serveSalePage } from './pages.ts';
import { takeCallback } from './payments/callback.ts';
import { purchase } from './pipeline.ts';
import { showPlace } from './queue/queue.ts';
import { createReport } from './report.ts';
import { byMethod, callOf, type Handle, limited, type Methods } from './routes.ts';
import { showDrawList } from './sale/draw-list.ts';
import { showSale } from './sale/sale.ts';
import { showStatus } from './status/status.ts';

export interface Bindings {
  /** The page's files; without them there is no page. */
  readonly ASSETS?: Fetcher;
  readonly [name: string]: unknown;
}

// One app per set of bindings, and an isolate has one set: made at its first request.
const apps = new WeakMap<Bindings, Hono>();

export default {
  fetch(request, bindings, context) {
    const app = apps.get(bindings) ?? createApp(bindings);
    apps.set(bindings, app);
    return app.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Bindings>;

function createApp(bindings: Bindings): Hono {
  const counts = createEventCounts();
  const log = createLog(Date.now, undefined, counts.add);
  const read = readSettings(bindings);
  if (read.kind === 'faulty') {
    console.error('settings', read.faults);
    return createClosedApp(log);
  }
  const { settings } = read;
  const edge = createEdge(settings, { log, counts });
  const setting = { profile: settings.profile, log, onCall: createReport(edge) };
  const app = new Hono();
  const routes = { ...callRoutes(edge), ...pageRoutes(edge, bindings.ASSETS) };
  for (const [path, methods] of Object.entries(routes)) {
    app.all(path, byMethod(setting, methods));
  }
  app.notFound((c) => refuse(callOf(c, setting), { kind: 'not-found' }));
  app.onError((error, c) => {
    // Where it happened, without the error's text: that may hold what the caller sent.
    const where = error.stack?.split('\n').slice(1, 4).join(' ') ?? '';
    log({ event: 'unexpected', level: 'error', detail: `${error.name} ${where}` });
    return refuse(callOf(c, setting), { kind: 'unavailable', retryAfterSeconds: 1 });
  });
  return app;
}

/** Pages of a draw's list cost the origin a query each. */
const CALLBACKS = { limit: 1_000, windowMs: 1_000, maxNetworks: 1_000 };
const LISTS = { limit: 10, windowMs: 1_000, maxNetworks: 1_000 };

function callRoutes(edge: Edge): Record<string, Methods> {
  const { profile, tokens } = edge.settings;
  const poll = (handle: Handle): Handle => limited(edge.pollLimit, handle);
  const listLimit = createIsolateLimit(LISTS);
  return {
    '/api/seckill/:name': { POST: (call, sku) => purchase(edge, call, sku) },
    '/api/seckill/queue/:name': { GET: poll((call, ticket) => showPlace(edge, call, ticket)) },
    '/api/seckill/status/:name': { GET: poll((call, order) => showStatus(edge, call, order)) },
    '/api/sales/:name': { GET: poll((call, sku) => showSale(edge.statuses, call, sku)) },
    '/api/sales/:name/draw': {
      GET: limited(listLimit, (call, sku) => showDrawList(edge.askOrigin, call, sku)),
    },
    '/api/orders/:name/cancel': { POST: (call, order) => cancelOrder(edge, call, order) },
    '/api/receipts': { POST: (call) => showReceipt(edge, call) },
    '/api/payments/callback': {
      POST: limited(createIsolateLimit(CALLBACKS), (call) => takeCallback(edge.askOrigin, call)),
    },
    '/api/challenge': { GET: poll((call) => showChallenge(edge, call)) },
    '/api/device': { POST: (call) => attest(edge, call) },
    '/api/activities': {
      POST: (call) => forwardAdmin(edge, call, { method: 'POST' }),
      GET: (call) => forwardAdmin(edge, call, { method: 'GET' }),
    },
    '/api/activities/:name': adminOf(edge, ['GET', 'PUT', 'DELETE']),
    '/api/activities/:name/pause': adminOf(edge, ['POST']),
    '/api/activities/:name/resume': adminOf(edge, ['POST']),
    '/api/activities/:name/end': adminOf(edge, ['POST']),
    ...(isLocal(profile) && tokens.kind === 'secret'
      ? { '/api/dev/token': { POST: createDevelopmentToken(tokens.secret) } }
      : {}),
  };
}

function adminOf(edge: Edge, methods: readonly Errand['method'][]): Methods {
  return Object.fromEntries(
    methods.map((method): [string, Handle] => [
      method,
      (call, activityId) => forwardAdmin(edge, call, { method, activityId }),
    ]),
  );
}

function pageRoutes(edge: Edge, assets: Fetcher | undefined): Record<string, Methods> {
  const { pageTokens, statuses, pollLimit } = edge;
  const parts = { assets, pageTokens, statuses, turnstile: edge.settings.turnstile };
  const file = (call: Call) => servePage(parts, call, { path: new URL(call.request.url).pathname });
  return {
    '/': { GET: (call) => servePage(parts, call, { path: '/index.html' }) },
    '/sale/:name': { GET: limited(pollLimit, (call, sku) => serveSalePage(parts, call, sku)) },
    '/assets/*': { GET: file },
    '/openapi.json': { GET: file },
    '/docs': { GET: (call) => servePage(parts, call, { path: '/docs.html' }) },
    '/docs.css': { GET: file },
  };
}

/** Nothing is decided by settings that are wrong. */
function createClosedApp(log: Log): Hono {
  const app = new Hono();
  app.all('*', (c) =>
    refuse(callOf(c, { profile: 'production', log }), {
      kind: 'unavailable',
      retryAfterSeconds: 60,
    }),
  );
  return app;
}
