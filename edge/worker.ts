// The Worker: which call is answered where. What is not listed here does not exist.
import { type Context, Hono } from 'hono';
import { createActivity, showActivity } from './activities/activities.ts';
import { refuse } from './answer.ts';
import { type CallEnv, limitPolls, openCalls } from './calls.ts';
import { createEdge } from './edge.ts';
import { createDevelopmentToken } from './identity/development-token.ts';
import { servePage } from './pages.ts';
import { purchase } from './pipeline.ts';
import { showPlace } from './queue/queue.ts';
import { showSale } from './sale/sale.ts';
import { isLocal, readSettings, type Settings } from './settings.ts';
import { showStatus } from './status/status.ts';

export interface Bindings {
  /** The page's files; without them there is no page. */
  readonly ASSETS?: Fetcher;
  readonly [name: string]: unknown;
}
type App = Hono<CallEnv>;

// One app per set of bindings, and an isolate has one set: made at its first request.
const apps = new WeakMap<Bindings, App>();

export default {
  fetch(request, bindings, context) {
    const app = apps.get(bindings) ?? createApp(bindings);
    apps.set(bindings, app);
    return app.fetch(request, bindings, context);
  },
} satisfies ExportedHandler<Bindings>;

function createApp(bindings: Bindings): App {
  const app: App = new Hono();
  const read = readSettings(bindings);
  if (read.kind === 'faulty') {
    console.error('settings', read.faults);
    app.use(openCalls('production'));
    app.all('*', (c) => refuse(c.var.call, { kind: 'unavailable', retryAfterSeconds: 60 }));
    return app;
  }
  app.use(openCalls(read.settings.profile));
  addCalls(app, read.settings);
  addPages(app, bindings.ASSETS);
  app.notFound((c) => refuse(c.var.call, { kind: 'not-found' }));
  app.onError((error, c) => {
    // Texts of errors may hold what the caller sent; where it happened is enough.
    console.error('unexpected', error.name, error.stack?.split('\n').slice(1, 4).join(' '));
    return refuse(c.var.call, { kind: 'unavailable', retryAfterSeconds: 1 });
  });
  return app;
}

function addCalls(app: App, settings: Settings): void {
  const edge = createEdge(settings);
  const { statuses, pollLimit } = edge;
  const polls = limitPolls(pollLimit);

  app.post('/api/seckill/:sku', (c) => purchase(edge, c.var.call, c.req.param('sku')));
  app.all('/api/seckill/:sku', only('POST'));

  app.use('/api/seckill/queue/:ticket', polls);
  app.get('/api/seckill/queue/:ticket', (c) => showPlace(edge, c.var.call, c.req.param('ticket')));
  app.all('/api/seckill/queue/:ticket', only('GET, HEAD'));

  app.use('/api/seckill/status/:order', polls);
  app.get('/api/seckill/status/:order', (c) => showStatus(edge, c.var.call, c.req.param('order')));
  app.all('/api/seckill/status/:order', only('GET, HEAD'));

  app.use('/api/sales/:sku', polls);
  app.get('/api/sales/:sku', (c) => showSale(statuses, c.var.call, c.req.param('sku')));
  app.all('/api/sales/:sku', only('GET, HEAD'));

  app.post('/api/activities', (c) => createActivity(edge, c.var.call));
  app.get('/api/activities', later);
  app.all('/api/activities', only('POST'));

  app.get('/api/activities/:id', (c) => showActivity(edge, c.var.call, c.req.param('id')));
  app.on(['PUT', 'DELETE'], '/api/activities/:id', later);
  app.all('/api/activities/:id', only('GET, HEAD'));

  if (isLocal(settings.profile) && settings.tokens.kind === 'secret') {
    const makeToken = createDevelopmentToken(settings.tokens.secret);
    app.post('/api/dev/token', (c) => makeToken(c.var.call));
    app.all('/api/dev/token', only('POST'));
  }
}

function addPages(app: App, assets: Fetcher | undefined): void {
  app.get('/', (c) => servePage(assets, c.var.call, '/index.html'));
  app.get('/sale/:sku', (c) => servePage(assets, c.var.call, '/sale.html'));
  app.get('/assets/*', (c) => servePage(assets, c.var.call, c.req.path));
  for (const path of ['/', '/sale/:sku', '/assets/*']) app.all(path, only('GET, HEAD'));
}

const only = (allow: string) => (c: Context<CallEnv>) =>
  refuse(c.var.call, { kind: 'method-not-allowed', allow });

/** A call of the contract that is not built yet. */
const later = (c: Context<CallEnv>) => refuse(c.var.call, { kind: 'not-found' });
