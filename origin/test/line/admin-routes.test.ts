import fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registerLineAdminRoutes } from '../../line/admin-routes.ts';
import { quietLog } from '../quiet-log.ts';
import { LineWorld } from './line-world.ts';

let world: LineWorld;
let sale: Awaited<ReturnType<LineWorld['create']>>;
let isAdmin = true;
const app = fastify();
const WITHIN = { timeout: 10_000 };

beforeAll(async () => {
  world = await LineWorld.open();
  await world.lead(1);
  sale = await world.create({ startsInMs: -1_000 });
  await world.load(sale);
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.decorateRequest('caller');
  app.addHook('preValidation', async (request) => {
    request.caller = { sub: 'operator', ...(isAdmin ? { role: 'admin' } : {}) };
  });
  registerLineAdminRoutes(app, {
    ...{ store: world.store, registry: world.registry, edgeRedis: world.edge, log: quietLog },
    onPinned: () => world.nudge.nudge(),
  });
});
afterAll(async () => {
  await app.close();
  await world.close();
});

const call = (method: 'GET' | 'PUT' | 'DELETE', tail = '', body?: unknown) =>
  app.inject({
    ...{ method, url: `/api/admin/lines/${sale.skuId}${tail}` },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
    headers: { 'content-type': 'application/json' },
  });

describe('an operator', () => {
  it('sees how the line moves and why', async () => {
    await expect.poll(async () => (await world.status(sale.skuId))?.state, WITHIN).toBe('RUNNING');
    const response = await call('GET');
    expect(response.statusCode).toBe(200);
    expect(response.json()).toMatchObject({
      ...{ skuId: sale.skuId, pinnedTo: null, speed: 1, reason: 'free', term: 1 },
      ...{ waiting: 0, called: 0, came: 0, origins: [] },
    });
  });

  it('pins the speed, sees it at once, and lets it go', async () => {
    expect((await call('PUT', '/pin', { speed: 0.5 })).json()).toMatchObject({ pinnedTo: 0.5 });
    const seen = async () => (await call('GET')).json();
    await expect.poll(seen, WITHIN).toMatchObject({ speed: 0.5, reason: 'pinned', pinnedTo: 0.5 });
    expect((await call('DELETE', '/pin')).json()).toMatchObject({ pinnedTo: null });
    await expect.poll(seen, WITHIN).toMatchObject({ speed: 1, reason: 'free', pinnedTo: null });
  });

  it.each([{ speed: 0 }, { speed: 1.01 }, { speed: '1' }, {}, { speed: 1, more: 1 }])(
    'is refused %j',
    async (body) => expect((await call('PUT', '/pin', body)).statusCode).toBe(400),
  );

  it('finds no line of an unknown item, and nobody else sees one', async () => {
    expect((await app.inject('/api/admin/lines/nothing')).statusCode).toBe(404);
    isAdmin = false;
    expect((await call('GET')).statusCode).toBe(403);
    expect((await call('PUT', '/pin', { speed: 0.5 })).statusCode).toBe(403);
    isAdmin = true;
  });
});
