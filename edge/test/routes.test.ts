// Which paths and methods exist, and what every answer carries.
import { describe, expect, it } from 'vitest';
import { createPageTokens } from '../page-token/page-token.ts';
import { pageFiles } from './page-files.ts';
import { fresh, openShop, SECRETS } from './shop.ts';

describe('404', () => {
  it.each([
    ['GET', '/nothing'],
    ['GET', '/api'],
    ['GET', '/api/nothing'],
    ['POST', '/api/seckill/'],
    ['POST', '/api/seckill/a/b/c'],
    ['POST', '/api/activities/a/resurrect'],
    ['POST', '/api/orders/a'],
    ['GET', '/'],
  ])('%s %s', async (method, path) => {
    const answer = await openShop().fetch(path, { method });
    expect(answer.status).toBe(404);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const body = await answer.json<Record<string, unknown>>();
    expect(body).toMatchObject({ type: '/problems/not-found', status: 404 });
    expect(body.instance).toBe(answer.headers.get('x-request-id'));
  });
});

describe('405', () => {
  it.each([
    ['GET', '/api/seckill/sku', 'POST'],
    ['OPTIONS', '/api/seckill/sku', 'POST'],
    ['POST', '/api/seckill/queue/x', 'GET, HEAD'],
    ['DELETE', '/api/seckill/status/x', 'GET, HEAD'],
    ['PUT', '/api/sales/sku', 'GET, HEAD'],
    ['PUT', '/api/activities', 'POST, GET, HEAD'],
    ['PATCH', '/api/activities/a', 'GET, PUT, DELETE, HEAD'],
    ['GET', '/api/activities/a/pause', 'POST'],
    ['GET', '/api/orders/a/cancel', 'POST'],
    ['PUT', '/api/receipts', 'POST'],
    ['GET', '/api/payments/callback', 'POST'],
    ['GET', '/api/dev/token', 'POST'],
    ['POST', '/api/challenge', 'GET, HEAD'],
    ['GET', '/api/device', 'POST'],
    ['POST', '/', 'GET, HEAD'],
    ['POST', '/sale/sku', 'GET, HEAD'],
  ])('%s %s', async (method, path, allow) => {
    const answer = await openShop().fetch(path, { method });
    expect(answer.status).toBe(405);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await answer.json()).toMatchObject({ type: '/problems/method-not-allowed' });
  });
});

it('HEAD is GET without a body', async () => {
  const answer = await openShop().fetch('/api/sales/nobody_knows', { method: 'HEAD' });
  expect(answer.status).toBe(404);
  expect(await answer.text()).toBe('');
});

it('no answer may be read across origins, framed or guessed at', async () => {
  const { headers } = await openShop().fetch('/api/sales/nobody_knows', {
    headers: { origin: 'https://elsewhere.example' },
  });
  expect(headers.get('access-control-allow-origin')).toBeNull();
  expect(headers.get('x-content-type-options')).toBe('nosniff');
  expect(headers.get('cache-control')).toBe('no-store');
});

describe('pages', () => {
  const shop = openShop({
    ASSETS: pageFiles({ '/index.html': 'home', '/sale.html': 'sale', '/assets/a.js': 'code' }),
  });

  it('say when they were served, in a token that is new each time', async () => {
    const html = '<html><head><title>sale</title></head><body></body></html>';
    const { fetch } = openShop({ ASSETS: pageFiles({ '/sale.html': html }) });
    const tokens = createPageTokens(SECRETS.DEVICE_SECRET);
    const texts = await Promise.all([
      (await fetch('/sale/sku')).text(),
      (await fetch('/sale/sku')).text(),
    ]);
    expect(texts[0]).not.toBe(texts[1]);
    for (const text of texts) {
      const token = /<meta name="page-token" content="([^"]+)"><\/head>/.exec(text)?.[1] ?? '';
      expect(await tokens.ageOf(token, Date.now() + 1_000)).toBeGreaterThanOrEqual(1_000);
      expect(text.replace(/<meta[^>]+>/, '')).toBe(html);
    }
  });

  it('may show Turnstile where it is configured, and nothing of others elsewhere', async () => {
    const assets = { ASSETS: pageFiles({ '/index.html': 'home' }) };
    const keys = { TURNSTILE_SITE_KEY: '1x0', TURNSTILE_SECRET: '1x0' };
    const policyOf = async (bindings: object) =>
      (await openShop({ ...assets, ...bindings }).fetch('/')).headers.get(
        'content-security-policy',
      );
    expect(await policyOf({})).not.toContain('cloudflare');
    expect(await policyOf(keys)).toContain("script-src 'self' https://challenges.cloudflare.com;");
    expect(await policyOf(keys)).toContain('frame-src https://challenges.cloudflare.com;');
  });

  it.each([
    ['/', 'home', 'text/html; charset=utf-8'],
    ['/sale/sku', 'sale', 'text/html; charset=utf-8'],
    ['/assets/a.js', 'code', 'text/javascript; charset=utf-8'],
  ])('%s', async (path, text, type) => {
    const answer = await shop.fetch(path);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe(text);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('content-security-policy')).toMatch(/^default-src 'self';/);
  });

  it.each([
    '/assets/',
    '/assets/none.js',
    '/assets/a.exe',
    '/assets/a.constructor',
    '/assets/.env',
    '/assets/..%2fx.js',
  ])('not %s', async (path) => {
    expect((await shop.fetch(path)).status).toBe(404);
  });
});

describe('a Worker with wrong settings', () => {
  it('answers 503 to everything', async () => {
    const shop = openShop({ TICKET_SECRET: 'short' });
    for (const path of ['/', '/api/sales/sku', '/api/seckill/sku']) {
      const answer = await shop.fetch(path);
      expect(answer.status).toBe(503);
      expect(await answer.json()).toMatchObject({ type: '/problems/unavailable' });
    }
  });
});

describe('the development token', () => {
  const ask = (body: unknown, bindings = {}) =>
    openShop(bindings).fetch('/api/dev/token', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  it('signs whoever asks in, for an hour', async () => {
    const answer = await ask({ userId: fresh('user'), role: 'admin' });
    expect(answer.status).toBe(200);
    const { token, expiresAt } = await answer.json<{ token: string; expiresAt: string }>();
    const hourMs = Date.parse(expiresAt) - Date.now();
    expect(Math.abs(hourMs - 3_600_000)).toBeLessThan(5_000);
    const headers = { authorization: `Bearer ${token}` };
    const activity = await openShop().fetch('/api/activities/a%2Fb', { headers });
    expect(await activity.json()).toMatchObject({ type: '/problems/unknown-activity' });
  });

  it.each([{}, { userId: '' }, { userId: 'a b' }, { userId: 'a', role: 'root' }, { userId: 1 }])(
    'is 400 for %j',
    async (body) => {
      expect((await ask(body)).status).toBe(400);
    },
  );

  it('does not exist anywhere else', async () => {
    const bindings = {
      PROFILE: 'production',
      REDIS_REST_URL: 'https://redis.example',
      ORIGIN_FALLBACK: 'https://origin.example',
    };
    const answer = await ask({ userId: 'a' }, bindings);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ type: '/problems/not-found' });
  });
});
