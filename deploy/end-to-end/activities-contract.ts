// What an administrator does to a live sale shows at the edge within two seconds; a bad edit changes
// nothing; when the sale is over and closed, the next of its item sells from nothing. On each stack.
import { setTimeout as pause } from 'node:timers/promises';
import { beforeAll, expect, test } from 'vitest';
import type { Stack } from '../stack/stack.ts';
import { buy, decided, openSale, tokenOf, until, untilPromised } from './client.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const SHOWN_WITHIN_MS = 2_000;
const CLOSED_WITHIN_MS = 30_000;
const PRESS_EVERY_MS = 350;
const PRESSES = Math.ceil(SHOWN_WITHIN_MS / PRESS_EVERY_MS);

let stack: Stack;
let admin: string;

export function itIsManagedAsPromised(stackOf: () => Stack): void {
  beforeAll(async () => {
    stack = stackOf();
    admin = await tokenOf(stack.edge, freshName('admin'), 'admin');
  });
  testEdits();
  testThresholds();
  testRefusedEdits();
  testTwoSales();
  testMoved();
  testDrawEntry();
}

const call = (path: string, request: { method?: string; body?: object; ifMatch?: string } = {}) => {
  const { ifMatch, ...rest } = request;
  const headers = ifMatch === undefined ? {} : { 'if-match': ifMatch };
  return send(`${stack.edge}/api/activities${path}`, { token: admin, headers, ...rest });
};

/** The terms as a client would send them back. */
function termsIn(activity: Members): Members {
  const { activityId, state, sold, version, createdAt, updatedAt, ...terms } = activity;
  return terms;
}

async function put(activity: Members, changes: object): Promise<Answer> {
  const { body, headers } = await call(`/${activity.activityId}`);
  const ifMatch = headers.get('etag') ?? '';
  const terms = { ...termsIn(body), ...changes };
  return await call(`/${activity.activityId}`, { method: 'PUT', body: terms, ifMatch });
}

/** The sale as the edge tells it, once it is so. */
const sees = (activity: Members, isSo: (sale: Members) => boolean) =>
  untilPromised(async () => {
    const { body } = await send(`${stack.edge}/api/sales/${activity.skuId}`);
    return isSo(body) ? body : undefined;
  }, SHOWN_WITHIN_MS);

function testEdits(): void {
  test('end, title, stock and pause show at the edge within two seconds', async () => {
    const activity = await openSale(stack.edge, { stock: 1, limitPerUser: 1 });
    const buyer = await tokenOf(stack.edge, freshName('buyer'));
    expect(await buy({ edge: stack.edge, skuId: activity.skuId, token: buyer })).toMatchObject({
      status: 201,
    });
    await sees(activity, ({ stockBand }) => stockBand === 'none');
    const endAt = new Date(Date.now() + 1_200_000).toISOString();
    const edited = await put(activity, { stock: 3, endAt, title: 'Longer' });
    expect(edited).toMatchObject({ status: 200, body: { stock: 3, endAt, version: 2 } });
    expect(edited.headers.get('etag')).toBe('"2"');
    await sees(activity, (sale) => sale.endAt === endAt && sale.stockBand !== 'none');
    expect(await sees(activity, ({ title }) => title === 'Longer')).toMatchObject({
      soldOut: false,
    });
    const second = await tokenOf(stack.edge, freshName('buyer'));
    expect(await buy({ edge: stack.edge, skuId: activity.skuId, token: second })).toMatchObject({
      status: 201,
    });

    expect(await call(`/${activity.activityId}/pause`, { method: 'POST' })).toMatchObject({
      status: 200,
      body: { state: 'PAUSED' },
    });
    await sees(activity, ({ state }) => state === 'PAUSED');
    const third = await tokenOf(stack.edge, freshName('buyer'));
    const url = `${stack.edge}/api/seckill/${activity.skuId}`;
    expect(await decided(() => send(url, { token: third, body: {} }))).toMatchObject({
      status: 503,
      body: { type: '/problems/paused' },
    });
    await call(`/${activity.activityId}/resume`, { method: 'POST' });
    await sees(activity, ({ state }) => state === 'RUNNING');
    expect(await buy({ edge: stack.edge, skuId: activity.skuId, token: third })).toMatchObject({
      status: 201,
    });
  });
}

/** Fresh people press, one after the other, until one is answered so: as many as the time allows. */
async function untilPressed(
  activity: Members,
  tokens: readonly string[],
  wanted: Partial<Answer>,
): Promise<void> {
  for (const token of tokens) {
    const answer = await send(`${stack.edge}/api/seckill/${activity.skuId}`, { token, body: {} });
    if (answer.status === wanted.status) return expect(answer).toMatchObject(wanted);
    await pause(PRESS_EVERY_MS);
  }
  throw new Error(`never answered ${JSON.stringify(wanted)}`);
}

function testThresholds(): void {
  test('thresholds are in force at the edge within two seconds', async () => {
    const terms = { stock: 50, ratePerSecond: 1_000, capacity: 50 };
    const activity = await openSale(stack.edge, terms);
    const names = Array.from({ length: 3 * PRESSES }, () => freshName('buyer'));
    const tokens = await Promise.all(names.map((name) => tokenOf(stack.edge, name)));
    // Scoring is off. These clients have no page token: that alone scores.
    await untilPressed(activity, tokens.slice(0, PRESSES), { status: 201 });
    await put(activity, { challengeAt: 1, denyAt: 100 });
    const challenged = { type: '/problems/challenge-required' };
    const next = tokens.slice(PRESSES, 2 * PRESSES);
    await untilPressed(activity, next, { status: 403, body: challenged });
    await put(activity, { challengeAt: 100, denyAt: 100 });
    await untilPressed(activity, tokens.slice(2 * PRESSES), { status: 201 });
  });
}

function testRefusedEdits(): void {
  test('a bad edit changes nothing', async () => {
    const activity = await openSale(stack.edge, { stock: 5 });
    const buyer = await tokenOf(stack.edge, freshName('buyer'));
    await buy({ edge: stack.edge, skuId: activity.skuId, token: buyer });
    const before = await call(`/${activity.activityId}`);
    for (const [changes, status, slug] of [
      [{ stock: 0 }, 422, 'invalid'],
      [{ price: 1, capacity: 2 }, 409, 'immutable-field'],
      [{ endAt: activity.startAt }, 422, 'invalid'],
      [{ skuId: 'another' }, 409, 'immutable-field'],
    ] as const) {
      expect(await put(activity, changes)).toMatchObject({
        status,
        body: { type: `/problems/${slug}` },
      });
    }
    const fixed = await put(activity, { price: 1, capacity: 2, limitPerUser: 5, stock: 9 });
    expect(fixed.body.errors).toMatchObject([
      ...[{ pointer: '/price' }, { pointer: '/limitPerUser' }, { pointer: '/capacity' }],
    ]);
    const unnamed = { method: 'PUT', body: termsIn(before.body) };
    expect(await call(`/${activity.activityId}`, unnamed)).toMatchObject({ status: 428 });
    const stale = { method: 'PUT', body: termsIn(before.body), ifMatch: '"9"' };
    expect(await call(`/${activity.activityId}`, stale)).toMatchObject({ status: 412 });
    const { sold: _sold, ...wanted } = before.body;
    expect((await call(`/${activity.activityId}`)).body).toMatchObject(wanted);
    expect(await call(`/${activity.activityId}`, { method: 'DELETE', ifMatch: '*' })).toMatchObject(
      {
        status: 409,
        body: { type: '/problems/activity-live' },
      },
    );
  });
}

function testTwoSales(): void {
  test('an item is sold twice, one activity after the other', async () => {
    const first = await openSale(stack.edge, { stock: 1, paymentWindowSeconds: 1 });
    const { skuId } = first;
    const buyer = await tokenOf(stack.edge, freshName('buyer'));
    expect(await buy({ edge: stack.edge, skuId, token: buyer })).toMatchObject({ status: 201 });
    expect(await call(`/${first.activityId}/end`, { method: 'POST' })).toMatchObject({
      status: 200,
      body: { state: 'ENDED' },
    });
    await until(async () => {
      const { body } = await call(`/${first.activityId}`);
      return body.state === 'CLOSED' ? body : undefined;
    }, CLOSED_WITHIN_MS);
    await sees(first, ({ state }) => state === 'CLOSED');
    const second = await openSale(stack.edge, { skuId, stock: 1 });
    await sees(second, ({ activityId }) => activityId === second.activityId);
    expect(await buy({ edge: stack.edge, skuId, token: buyer })).toMatchObject({ status: 201 });
    const listed = await call(`?skuId=${skuId}&limit=1`);
    expect(listed.body).toMatchObject({ items: [{ activityId: second.activityId }] });
    const next = await call(`?skuId=${skuId}&limit=1&cursor=${listed.body.nextCursor}`);
    expect(next.body).toMatchObject({
      items: [{ activityId: first.activityId }],
      nextCursor: null,
    });
    expect(await call(`/${first.activityId}`, { method: 'DELETE', ifMatch: '*' })).toMatchObject({
      status: 204,
    });
    expect(await call(`/${first.activityId}`)).toMatchObject({ status: 404 });
  }, 60_000);
}

function testMoved(): void {
  test('a sale that has not begun is moved to another item, and deleted', async () => {
    const startAt = new Date(Date.now() + 300_000).toISOString();
    const body = {
      skuId: freshName('sku'),
      stock: 2,
      price: 1,
      startAt,
      endAt: '2099-01-01T00:00:00Z',
    };
    const created = await call('', { method: 'POST', body });
    expect(created).toMatchObject({ status: 201, body: { draw: {} } });
    const activity = created.body;
    await until(async () => {
      const { body: now } = await call(`/${activity.activityId}`);
      return now.state === 'LOADED' ? now : undefined;
    });
    const moved = await put(activity, { skuId: freshName('sku'), stock: 4 });
    expect(moved).toMatchObject({ status: 200, body: { stock: 4 } });
    await sees(moved.body, ({ activityId }) => activityId === activity.activityId);
    await until(async () => {
      const { body: now } = await call(`/${activity.activityId}`);
      return now.state === 'LOADED' ? now : undefined;
    });
    const deleted = { method: 'DELETE', ifMatch: '*' };
    expect(await call(`/${activity.activityId}`, deleted)).toMatchObject({ status: 204 });
    await sees(moved.body, ({ state }) => state === 'CLOSED');
  });
}

function testDrawEntry(): void {
  test('the first draw entry fixes the terms; what is no term can still be edited', async () => {
    const at = (ms: number) => new Date(Date.now() + ms).toISOString();
    const skuId = freshName('sku');
    const times = { startAt: at(300_000), endAt: at(600_000), entryOpensAt: at(-1_000) };
    const thresholds = { challengeAt: 100, denyAt: 100 };
    const body = { skuId, stock: 5, price: 1, ...times, ...thresholds, draw: {} };
    const { body: activity } = await call('', { method: 'POST', body });
    await sees(activity, ({ draw }) => draw !== undefined);
    expect(await put(activity, { price: 2 })).toMatchObject({ status: 200, body: { price: 2 } });
    const token = await tokenOf(stack.edge, freshName('buyer'));
    await until(async () => {
      const entered = await send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });
      return entered.body.state === 'PRE_QUEUE' || undefined;
    });
    const fixed = { type: '/problems/immutable-field', errors: [{ pointer: '/price' }] };
    expect(await put(activity, { price: 3 })).toMatchObject({ status: 409, body: fixed });
    const deletion = { method: 'DELETE', ifMatch: '*' };
    const live = { status: 409, body: { type: '/problems/activity-live' } };
    expect(await call(`/${activity.activityId}`, deletion)).toMatchObject(live);
    expect(await put(activity, { stock: 9 })).toMatchObject({ status: 200, body: { stock: 9 } });
    await call(`/${activity.activityId}/end`, { method: 'POST' });
    expect(await call(`/${activity.activityId}`, deletion)).toMatchObject({ status: 204 });
  });
}
