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

/** A fresh visitor on the page of a sale; what the page complains about fails the test. */
async function visit(skuId: unknown, viewport = PHONE): Promise<Page> {
  const context = await browser.newContext({ viewport, locale: 'en-GB' });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    // A 4xx is an answer; the browser logs it all the same.
    const isAnswer = message.text().includes('the server responded with a status');
    if (message.type() === 'error' && !isAnswer) complaints.push(message.text());
  });
  onTestFinished(async () => {
    await context.close();
    expect(complaints).toEqual([]);
  });
  await page.goto(`${stack.edge}/sale/${skuId}`);
  return page;
}

async function signIn(page: Page, name: string): Promise<void> {
  await page.getByLabel('Your name').fill(name);
  await page.keyboard.press('Enter');
  await page.getByText(`Signed in as ${name}`).waitFor();
}

const heading = (page: Page, text: string) => page.getByRole('status').filter({ hasText: text });
const picture = (page: Page, name: string) =>
  page.screenshot({ path: join(PICTURES, `${name}.png`) });

test('a purchase, with the keyboard alone', async () => {
  const { skuId } = await openSale(stack.edge, lamp('lamp'));
  const page = await visit(skuId);
  await heading(page, 'Sign in to buy').waitFor();
  await picture(page, 'phone-sign-in');
  await signIn(page, 'anna');
  await page.getByRole('button', { name: 'Buy now' }).waitFor();
  await picture(page, 'phone-open');
  await page.keyboard.press('Tab');
  await page.getByRole('button', { name: 'Buy now' }).focus();
  await page.keyboard.press('Enter');
  await heading(page, 'Reserved for you').waitFor();
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
  const terms = { ...lamp('slow_lamp'), stock: 60, ratePerSecond: 1, capacity: 1 };
  const { skuId } = await openSale(stack.edge, terms);
  const page = await visit(skuId, DESKTOP);
  await signIn(page, 'ben');
  await page.getByRole('button', { name: 'Buy now' }).waitFor();
  await Promise.all(
    Array.from({ length: 6 }, async () => {
      const token = await tokenOf(stack.edge, freshName('ahead'));
      await send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });
    }),
  );
  await page.getByRole('button', { name: 'Buy now' }).click();
  await heading(page, 'Your place in line').waitFor();
  await picture(page, 'desktop-waiting');
  await page.setViewportSize(PHONE);
  await picture(page, 'phone-waiting');
  await page.setViewportSize(DESKTOP);
  await heading(page, 'Reserved for you').waitFor();
  await page.getByText('written down', { exact: true }).waitFor();
  await picture(page, 'desktop-bought');
});

test('a sale that has not opened counts down and then buys', async () => {
  const startAt = new Date(Date.now() + 6_000).toISOString();
  const skuId = 'next_lamp';
  const token = await tokenOf(stack.edge, 'admin', 'admin');
  const body = { ...lamp(skuId), stock: 5, startAt, endAt: '2099-01-01T00:00:00Z' };
  expect(await send(`${stack.edge}/api/activities`, { token, body })).toMatchObject({
    status: 201,
  });
  const page = await visit(skuId);
  await signIn(page, 'clara');
  await page.getByRole('button', { name: 'Buy when it opens' }).click();
  await heading(page, 'You are set').waitFor();
  await picture(page, 'phone-soon');
  await heading(page, 'Reserved for you').waitFor();
});

test('sold out and unknown are said in plain words', async () => {
  const { skuId } = await openSale(stack.edge, { ...lamp('last_lamp'), stock: 1 });
  const token = await tokenOf(stack.edge, freshName('faster'));
  expect(await buy({ edge: stack.edge, skuId, token })).toMatchObject({ status: 201 });
  const page = await visit(skuId);
  await signIn(page, 'david');
  await heading(page, 'Sold out').waitFor();
  await picture(page, 'phone-sold-out');
  const nowhere = await visit('no_such_sale');
  await heading(nowhere, 'No such sale').waitFor();
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
  await page.getByRole('button', { name: 'Buy now' }).click();
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
  await page.getByRole('button', { name: 'Buy now' }).click();
  await heading(page, 'We could not tell you from a script').waitFor();
  expect(await page.locator('dd').first().textContent()).toMatch(/^[\w-]{4,}$/);
  await picture(page, 'phone-refused');
  await page.getByRole('button', { name: 'Run the longer check' }).click();
  await heading(page, 'Reserved for you').waitFor();
});
