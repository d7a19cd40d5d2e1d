// What the buyer's page does by itself, and what it leaves to the buyer, against a stand-in edge that
// plays what a real one says rarely.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import {
  at,
  draw,
  order,
  orderIdOf,
  payable,
  place,
  problem,
  queued,
  sale,
  soon,
} from './page-answers.ts';
import { type Answers, type CallName, type StandIn, startStandIn } from './page-stand-in.ts';
import type { PageState } from './page-states.ts';
import { openChromium, PHONE, visitState } from './page-visit.ts';

let browser: Browser;
let standIn: StandIn;

beforeAll(async () => {
  [browser, standIn] = await Promise.all([openChromium(), startStandIn()]);
});
afterAll(async () => {
  await browser?.close();
  await standIn?.stop();
});

interface Visited {
  readonly page: Page;
  readonly skuId: string;
  play(answers: Answers): void;
  count(call: CallName): number;
}

async function visit(state: Omit<PageState, 'name'>): Promise<Visited> {
  const look = { name: 'phone', viewport: PHONE, locale: 'en-GB' };
  const page = await visitState({ browser, standIn }, { name: 'any', ...state }, look);
  onTestFinished(() => page.context().close());
  const skuId = new URL(page.url()).pathname.split('/')[2] ?? '';
  return {
    page,
    skuId,
    play: (answers) => standIn.play(skuId, answers),
    count: (call) => standIn.asked(skuId).filter((asked) => asked.call === call).length,
  };
}

const view = (page: Page, name: string) => page.locator(`#card[data-view="${name}"]`).waitFor();
const headline = (page: Page) => page.getByRole('status').getByRole('heading').textContent();
const inLine: Omit<PageState, 'name'> = {
  view: 'waiting',
  answers: (skuId) => ({ sale: sale(skuId), place: queued(skuId), purchase: queued(skuId) }),
  kept: (skuId) => ({ [`ticket/${skuId}/anna`]: `${skuId}.ticket` }),
};
const reserved: Omit<PageState, 'name'> = {
  view: 'order',
  answers: (skuId) => ({ sale: sale(skuId), order: order(skuId, payable(skuId)) }),
  kept: (skuId) => ({
    [`orders/${skuId}/anna`]: orderIdOf(skuId),
    [`receipt/${orderIdOf(skuId)}`]: `${skuId}.receipt`,
  }),
};

test('a draw entry becomes a place, the place an order, and nobody presses anything', async () => {
  const { page, skuId, play, count } = await visit({
    view: 'entered',
    answers: (sku) => ({
      sale: sale(sku, { ...soon, draw }),
      purchase: place(sku, 'PRE_QUEUE', { entry: { index: 6, leaf: 'ab', receipt: 'r' } }),
      place: place(sku, 'PRE_QUEUE'),
    }),
    steps: (visited) => visited.getByRole('button', { name: 'Enter the draw' }).click(),
  });
  await page.getByText('Fingerprint of the draw').click();
  await page.getByText(draw.commitment).waitFor();
  await expect.poll(() => count('place')).toBeGreaterThan(0);
  play({ sale: sale(skuId, { draw }), place: queued(skuId) });
  await view(page, 'waiting');
  await page.getByText('Entry receipt').waitFor();
  play({
    place: place(skuId, 'READY'),
    purchase: { ...order(skuId, payable(skuId)), status: 201 },
  });
  await view(page, 'order');
  expect(await headline(page)).toBe('Reserved for you');
  expect(count('purchase')).toBe(2);
});

const HOURS_MS = 3_600_000;

test.for([-26, 26])('a clock that is %i hours off costs no place', async (hours) => {
  const device = { aheadMs: hours * HOURS_MS };
  const onSale = (changes: object) => (sku: string) => ({ sale: sale(sku, changes) });
  const early = await visit({ ...device, view: 'soon', answers: onSale(soon) });
  expect(await early.page.locator('#figure').textContent()).toBe('01:40');
  await early.page.getByRole('button', { name: 'Buy when it opens' }).waitFor();

  const { page, skuId, play } = await visit({ ...device, view: 'open', answers: onSale({}) });
  play({ purchase: { ...order(skuId, payable(skuId)), status: 201 } });
  play({ order: order(skuId, payable(skuId)) });
  await page.getByRole('button', { name: 'Buy now' }).click();
  await view(page, 'order');
  expect(await page.locator('#figure').textContent()).toBe('14:32');
});

test('a poll moves figures, not the voice of a screen reader', async () => {
  const { page, skuId, play } = await visit(inLine);
  await page.evaluate(() => {
    const status = document.querySelector('[role=status]');
    if (status === null) throw new Error('no live region');
    const said = { childList: true, characterData: true, subtree: true };
    new MutationObserver((list) => {
      document.body.dataset.said = String(list.length);
    }).observe(status, said);
  });
  for (const position of [900, 500, 100]) {
    play({ place: queued(skuId, { position, estimatedWaitSeconds: position }) });
    await page.locator('#figure', { hasText: String(position) }).waitFor();
  }
  expect(await page.evaluate(() => document.body.dataset.said)).toBeUndefined();
});

test('a reload looks the place up and posts nothing', async () => {
  const { page, count } = await visit(inLine);
  await page.reload();
  await view(page, 'waiting');
  expect(count('purchase')).toBe(0);
});

test('a turn that has passed is said, and the page is in line again', async () => {
  const { page, skuId, play, count } = await visit(inLine);
  play({ place: place(skuId, 'EXPIRED'), purchase: queued(skuId, { position: 77 }) });
  await page.locator('#notice', { hasText: 'Your turn passed' }).waitFor();
  expect(await page.locator('#figure').textContent()).toBe('77');
  expect(count('purchase')).toBe(1);
});

test('who waits through a failure keeps the place in sight, and goes on by itself', async () => {
  const { page, skuId, play } = await visit(inLine);
  play({ place: { ...problem(503, 'unavailable'), retryAfter: 1 } });
  await page.locator('#notice', { hasText: 'does not answer' }).waitFor();
  await page.getByText('Your place is kept').waitFor();
  play({ place: queued(skuId, { position: 3 }) });
  await page.locator('#notice').waitFor({ state: 'hidden' });
  await page.locator('#figure', { hasText: '3' }).waitFor();
});

test('what the server asks for is kept, though the buyer comes and goes', async () => {
  const { page, play, count } = await visit(inLine);
  play({ place: { ...problem(503, 'busy'), retryAfter: 60 } });
  await page.locator('#notice', { hasText: 'very busy' }).waitFor();
  const before = count('place');
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange')));
  await page.evaluate(() => dispatchEvent(new Event('online')));
  await page.getByText(/^Next try in [67]\d seconds$/).waitFor();
  expect(count('place')).toBe(before);
});

test('sold out while in line: the place goes on when units come back', async () => {
  const { page, skuId, play } = await visit(inLine);
  play({ place: place(skuId, 'SOLD_OUT', { pollAfterSeconds: 1 }) });
  await view(page, 'sold-out');
  play({ place: queued(skuId, { position: 2, reason: 'waiting-for-return' }) });
  await view(page, 'waiting');
  expect(await headline(page)).toBe('Waiting for units that come back');
});

test('sold out may be revoked: the page watches, offers, and the buyer joins', async () => {
  const gone = { soldOut: true, joinable: false, stockBand: 'none' };
  const { page, skuId, play } = await visit({
    view: 'sold-out',
    answers: (sku) => ({
      sale: sale(sku, gone),
      purchase: problem(409, 'sold-out', { unitsMayReturn: true }),
    }),
  });
  await page.getByRole('button', { name: 'Check again' }).click();
  await page.getByText('Units that are not paid in time come back').waitFor();
  play({ sale: sale(skuId), purchase: queued(skuId), place: queued(skuId) });
  await page.getByRole('button', { name: 'Join the line again' }).click();
  await view(page, 'waiting');
});

test('an order that a failure lost: the page shows the receipt by itself', async () => {
  const { page, skuId, play, count } = await visit({
    ...reserved,
    view: 'trouble',
    answers: (sku) => ({
      sale: sale(sku),
      order: problem(404, 'unknown-order', { showReceipt: true }),
      receipt: { ...problem(503, 'fenced'), retryAfter: 1 },
    }),
  });
  play({ receipt: order(skuId, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' }) });
  await page.getByText('A failure lost it').waitFor();
  const shown = standIn.asked(skuId).filter(({ call }) => call === 'receipt');
  expect(shown.at(-1)?.body).toEqual({ receipt: `${skuId}.receipt` });
  expect(count('purchase')).toBe(0);
});

test('cancelling asks first, and keeping is one key away', async () => {
  const { page, skuId, play, count } = await visit(reserved);
  const cancel = page.getByRole('button', { name: 'Cancel order' });
  await cancel.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('dialog', { name: 'Cancel this order?' }).waitFor();
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe('Keep it');
  await page.keyboard.press('Escape');
  expect(await page.evaluate(() => document.activeElement?.id)).toBe('cancel');
  expect(count('cancel')).toBe(0);
  play({ cancel: problem(409, 'already-paid') });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await page.locator('#notice', { hasText: 'paid already' }).waitFor();
  play({ cancel: order(skuId, { status: 'CANCELLED', reason: 'CANCELLED_BY_BUYER' }) });
  await cancel.click();
  await page.getByRole('button', { name: 'Yes, cancel it' }).click();
  await page.getByText('You cancelled it.').waitFor();
  expect(count('cancel')).toBe(2);
});

test('after a cancelled order a new purchase follows it', async () => {
  const { page, skuId, play } = await visit({
    ...reserved,
    answers: (sku) => ({
      sale: sale(sku),
      order: order(sku, { status: 'CANCELLED', reason: 'EXPIRED' }),
      purchase: queued(sku),
      place: queued(sku),
    }),
  });
  play({ place: queued(skuId) });
  await page.getByRole('button', { name: 'Buy again' }).click();
  await view(page, 'waiting');
  const posted = standIn.asked(skuId).filter(({ call }) => call === 'purchase');
  expect(posted.map(({ body }) => body)).toEqual([{ again: orderIdOf(skuId) }]);
});

test('the end of the time to pay is seen, and a payment shows without a reload', async () => {
  const { page, skuId, play } = await visit({
    ...reserved,
    answers: (sku) => ({ sale: sale(sku), order: order(sku, { payBy: at(-1) }) }),
  });
  expect(await headline(page)).toBe('The time to pay is over');
  play({ order: order(skuId, { status: 'PAID' }) });
  await page.getByText('Paid. It is yours.').waitFor();
});

test('a link to pay leads to the web and nowhere else', async () => {
  const { page } = await visit(reserved);
  const link = page.getByRole('link', { name: 'Pay €49.00' });
  expect(await link.getAttribute('href')).toBe('https://pay.example/session/1');
  const { page: other } = await visit({
    ...reserved,
    answers: (sku) => ({
      sale: sale(sku),
      order: order(sku, { paymentUrl: 'javascript:alert(1)' }),
    }),
  });
  expect(await headline(other)).toBe('Reserved for you');
  expect(await other.locator('#pay').isVisible()).toBe(false);
});

test('two tabs of one user show one place, and then one order', async () => {
  const { page, skuId, play } = await visit({
    view: 'open',
    answers: (sku) => ({ sale: sale(sku), purchase: queued(sku), place: queued(sku) }),
  });
  const second = await page.context().newPage();
  await second.goto(page.url());
  await view(second, 'open');
  await page.getByRole('button', { name: 'Buy now' }).click();
  await Promise.all([view(page, 'waiting'), view(second, 'waiting')]);
  expect(await second.locator('#figure').textContent()).toBe('1,284');
  const bought = order(skuId, payable(skuId));
  play({ place: place(skuId, 'READY'), purchase: { ...bought, status: 201 }, order: bought });
  await Promise.all([view(page, 'order'), view(second, 'order')]);
  await page.getByRole('button', { name: 'Sign out' }).click();
  await view(second, 'open');
});

test('the language is the browser’s, then the buyer’s', async () => {
  const { page } = await visit(inLine);
  await page.getByRole('button', { name: '中文' }).click();
  expect(await headline(page)).toBe('您的排队位置');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-Hans');
  await page.reload();
  await view(page, 'waiting');
  expect(await headline(page)).toBe('您的排队位置');
  await page.getByRole('button', { name: 'English' }).click();
  expect(await headline(page)).toBe('Your place in line');
});
