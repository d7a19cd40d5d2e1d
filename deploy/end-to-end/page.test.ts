// A person buys with a real browser: signs in, presses the button, waits in line, gets the order.
// Leaves pictures of the main states in .local/screenshots.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { programs, provide } from '../local/services/programs.ts';
import { LOCAL } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { buy, openSale, tokenOf } from './client.ts';
import { freshName, send } from './send.ts';

const PICTURES = join(LOCAL, 'screenshots');
/** One of them is called each second: so long a slow machine has to look at the line. */
const AHEAD = 10;
const PHONE = { width: 390, height: 780 };
const DESKTOP = { width: 1280, height: 800 };

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('page'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
  const executablePath = await provide(programs.chromium);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
  mkdirSync(PICTURES, { recursive: true });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
});

/**
 * The stack is this file's own, so names may be plain: they stand in the pictures. Scoring is off:
 * what drives this browser is a script.
 */
const lamp = (skuId: string) => ({
  ...{ skuId, title: 'Brass desk lamp', price: 4_900 },
  ...{ challengeAt: 100, denyAt: 100 },
});

interface Visit {
  readonly viewport?: typeof PHONE;
  /** Done before the page is there. */
  readonly prepare?: (page: Page) => Promise<unknown>;
}

/** A fresh visitor on the page of a sale; what the page complains about fails the test. */
async function visit(skuId: unknown, { viewport = PHONE, prepare }: Visit = {}): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A 4xx is an answer, and no answer is met; the browser logs both all the same.
    const isAnswer = /the server responded with a status|net::ERR_FAILED/.test(message.text());
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await prepare?.(page);
  await page.goto(`${stack.edge}/sale/${skuId}`);
  return page;
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.keyboard.press('Enter');
  await page.getByText(`Signed in as ${name}`).waitFor();
}

const heading = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });
const button = (page: Page, name: string) => page.getByRole('button', { name });
const others = (page: Page) => page.getByRole('listitem').getByRole('button');
const focused = (page: Page) => page.evaluate(() => document.activeElement?.id);
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(PICTURES, `${name}.png`) });

test('a purchase, with the keyboard alone', async () => {
  const { skuId } = await openSale(stack.edge, lamp('lamp'));
  const page = await visit(skuId);
  await heading(page, 'Sign in to buy').waitFor();
  await picture(page, 'phone-sign-in');
  await signIn(page, 'anna');
  await button(page, 'Buy now').waitFor();
  expect(await focused(page)).toBe('act');
  await picture(page, 'phone-open');
  await page.keyboard.press('Enter');
  await heading(page, 'Reserved for you').waitFor();
  expect(await focused(page)).toBe('answer');
  await page.getByText('written down', { exact: true }).waitFor();
  await picture(page, 'phone-bought');

  const orderId = await page.locator('dd').first().textContent();
  const token = await tokenOf(stack.edge, 'anna');
  const status = await send(`${stack.edge}/api/seckill/status/${orderId}`, { token });
  expect(status).toMatchObject({ status: 200, body: { status: 'PENDING', persisted: true } });

  await page.reload();
  await heading(page, 'Reserved for you').waitFor();
  expect(await page.locator('dd').first().textContent()).toBe(orderId);
});

test('who has to wait sees the place, and the page enters by itself', async () => {
  const names = Array.from({ length: AHEAD }, () => freshName('ahead'));
  const tokens = await Promise.all(names.map((name) => tokenOf(stack.edge, name)));
  const terms = { ...lamp('slow_lamp'), stock: 60, ratePerSecond: 1, capacity: 1 };
  const { skuId } = await openSale(stack.edge, terms);
  const page = await visit(skuId, { viewport: DESKTOP });
  await signIn(page, 'ben');
  await button(page, 'Buy now').waitFor();
  const url = `${stack.edge}/api/seckill/${skuId}`;
  await Promise.all(tokens.map((token) => send(url, { token, body: {} })));
  await page.getByText(/A moment ago, \d+ (person was|people were) in line/).waitFor();
  await picture(page, 'desktop-open');
  await button(page, 'Buy now').click();
  await heading(page, 'Your place in line').waitFor();
  await button(page, 'Sign out').focus();
  await picture(page, 'desktop-waiting');
  await page.setViewportSize(PHONE);
  await picture(page, 'phone-waiting');
  await page.setViewportSize(DESKTOP);
  await heading(page, 'Reserved for you').waitFor();
  await page.getByText('written down', { exact: true }).waitFor();
  await picture(page, 'desktop-bought');
  expect(await focused(page)).toBe('sign-out');
});

test('a sale that has not opened counts down and then buys', async () => {
  const skuId = 'next_lamp';
  const token = await tokenOf(stack.edge, 'admin', 'admin');
  const startAt = new Date(Date.now() + 9_000).toISOString();
  const body = { ...lamp(skuId), stock: 5, startAt, endAt: '2099-01-01T00:00:00Z', draw: false };
  expect(await send(`${stack.edge}/api/activities`, { token, body })).toMatchObject({
    status: 201,
  });
  const page = await visit(skuId);
  await heading(page, 'Opens at').waitFor();
  expect(await page.locator('#figure').textContent()).toMatch(/^00:0\d$/);
  expect(await page.getByLabel('Your name').isVisible()).toBe(true);
  await picture(page, 'phone-soon-signed-out');
  await signIn(page, 'clara');
  await button(page, 'Buy when it opens').click();
  await heading(page, 'You are set').waitFor();
  await picture(page, 'phone-soon');
  await heading(page, 'Reserved for you').waitFor();
});

test('sold out is said to everybody, and signing in stays possible', async () => {
  const { skuId } = await openSale(stack.edge, { ...lamp('last_lamp'), stock: 1 });
  const token = await tokenOf(stack.edge, 'faster');
  expect(await buy({ edge: stack.edge, skuId, token })).toMatchObject({ status: 201 });
  const page = await visit(skuId);
  await heading(page, 'Sold out').waitFor();
  await picture(page, 'phone-sold-out-signed-out');
  expect(await button(page, 'Check again').isVisible()).toBe(false);
  // A look that fails while somebody types takes nothing from the hands.
  await page.getByLabel('Your name').focus();
  await page.route('**/api/sales/*', (route) => route.abort());
  await heading(page, 'Not just yet').waitFor();
  expect(await focused(page)).toBe('name');
  await page.unroute('**/api/sales/*');
  await signIn(page, 'david');
  await button(page, 'Check again').waitFor();
  await picture(page, 'phone-sold-out');
});

test('a sale that is not there is said plainly, with a way on, and asked for rarely', async () => {
  let asked = 0;
  const page = await visit('no_such_sale', {
    prepare: async (visitor) => {
      visitor.on('request', (request) => {
        if (request.url().includes('/api/sales/')) asked += 1;
      });
      await visitor.clock.install();
    },
  });
  await heading(page, 'There is no such sale').waitFor();
  expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('no_such_sale');
  await picture(page, 'phone-unknown');
  await page.setViewportSize(DESKTOP);
  await picture(page, 'desktop-unknown');
  await page.clock.runFor(55_000);
  expect(asked).toBe(1);
  await page.getByRole('link', { name: 'Enter another item’s code' }).click();
  await page.getByLabel('Item code').waitFor();
});

test('after the end an owner signs in anywhere and sees the order', async () => {
  const token = await tokenOf(stack.edge, 'grace');
  const endAt = new Date(Date.now() + 6_000).toISOString();
  const { skuId } = await openSale(stack.edge, { ...lamp('former_lamp'), endAt });
  const { body } = await buy({ edge: stack.edge, skuId, token });
  const page = await visit(skuId);
  await heading(page, 'This sale is over').waitFor();
  await picture(page, 'phone-ended-signed-out');
  await signIn(page, 'henry');
  await page.getByText('You have no order in it.').waitFor();
  await button(page, 'Sign out').click();
  await signIn(page, 'grace');
  await heading(page, 'Reserved for you').waitFor();
  expect(await page.locator('dd').first().textContent()).toBe(body.orderId);
});

test('who may have three buys again, and sees all of them', async () => {
  const { skuId } = await openSale(stack.edge, { ...lamp('three_lamps'), limitPerUser: 3 });
  const page = await visit(skuId);
  await page.getByLabel('Your name').fill('iris');
  await page.keyboard.down('Enter');
  await button(page, 'Buy now').waitFor();
  // Still down, it repeats on the button that has the focus now: signing in must not buy.
  await page.keyboard.down('Enter');
  await page.keyboard.up('Enter');
  expect(await heading(page, 'You can buy now').isVisible()).toBe(true);
  await page.keyboard.press('Enter');
  for (const count of [0, 1]) {
    await button(page, 'Buy another').waitFor();
    expect(await others(page).count()).toBe(count);
    await button(page, 'Buy another').click();
    await heading(page, 'Asking for you').waitFor({ state: 'hidden' });
  }
  await others(page).nth(1).waitFor();
  await page.reload();
  await others(page).nth(1).waitFor();
  await page.getByText('written down', { exact: true }).waitFor();
  await picture(page, 'phone-bought-three');
  await page.setViewportSize(DESKTOP);
  await picture(page, 'desktop-bought-three');
  expect(await button(page, 'Buy another').isVisible()).toBe(false);

  const newest = await page.locator('dd').first().textContent();
  const shown = [...(await others(page).allTextContents()), newest];
  expect(new Set(shown).size).toBe(3);
  const token = await tokenOf(stack.edge, 'iris');
  for (const orderId of shown) {
    const status = await send(`${stack.edge}/api/seckill/status/${orderId}`, { token });
    expect(status).toMatchObject({ status: 200, body: { orderId, quantity: 1 } });
  }
});

test('a stronger challenge is worked out without a word, and shows how far it is', async () => {
  const terms = { ...lamp('guarded_lamp'), challengeAt: 0, denyAt: 100 };
  const { skuId } = await openSale(stack.edge, terms);
  const page = await visit(skuId);
  await signIn(page, 'emma');
  const pictured = Promise.withResolvers<void>();
  let proofs = 0;
  await page.route('**/api/device', async (route) => {
    proofs += 1;
    // The second is the stronger one: it is held until it has been looked at.
    if (proofs === 2) await pictured.promise;
    await route.continue();
  });
  await button(page, 'Buy now').click();
  await heading(page, 'Checking that you are a person').waitFor();
  await expect.poll(() => proofs, { timeout: 15_000 }).toBe(2);
  expect(await page.getByRole('progressbar').isVisible()).toBe(true);
  await picture(page, 'phone-checking');
  pictured.resolve();
  await heading(page, 'Reserved for you').waitFor();
  expect(proofs).toBe(2);
});

test('who is refused reads why in one sentence, and gets in by the longer check', async () => {
  const terms = { ...lamp('closed_lamp'), challengeAt: 0, denyAt: 0 };
  const { skuId } = await openSale(stack.edge, terms);
  const page = await visit(skuId);
  await signIn(page, 'frank');
  await button(page, 'Buy now').click();
  await heading(page, 'We could not tell you from a script').waitFor();
  expect(await page.locator('dd').first().textContent()).toMatch(/^[\w-]{4,}$/);
  await picture(page, 'phone-refused');
  await button(page, 'Run the longer check').click();
  await heading(page, 'Reserved for you').waitFor();
});

test('without scripts the page shows how the sale stands, and renews itself', async () => {
  const title = 'A <b>lamp</b>';
  const { skuId } = await openSale(stack.edge, { ...lamp('plain_lamp'), title });
  const context = await browser.newContext({ javaScriptEnabled: false });
  onTestFinished(() => context.close());
  const page = await context.newPage();
  await page.goto(`${stack.edge}/sale/${skuId}`);
  expect(await page.title()).toBe(title);
  expect(await page.locator('h2:visible').textContent()).toMatch(/^\s*Open now\s*$/);
  await page.getByText('$49.00').waitFor();
  const lead = page.locator('.lead:visible').first();
  expect(await lead.textContent()).toContain('Buying needs JavaScript');
  expect(await page.locator('meta[http-equiv=refresh]').getAttribute('content')).toBe('15');
  await page.goto(`${stack.edge}/sale/no_such_sale`);
  expect(await page.locator('h2:visible').textContent()).toContain('There is no such sale');
});
