// Layer 1 in front of real programs: curl and browsers that scripts drive are stopped; a person with
// a keyboard, and one who blocks the collector, get through.
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest';
import { challengeIn, solveProof } from '../crowd/solve-proof.ts';
import { ROOT } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { openSale, tokenOf, until } from './client.ts';
import { freshVisit, showDevice } from './device.ts';
import { freshName, send } from './send.ts';
import { type Opened, openHeaded, openHeadless, openStealthy, watchAnswers } from './visitors.ts';

const run = promisify(execFile);
/** As sales have them when nobody says otherwise. */
const SCORED = { challengeAt: 40, denyAt: 80 };
const STOPPED = /^403 (refused|challenge-required)$/;

let stack: Stack;
let skuId: string;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('layer-one'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
  const terms = { ...SCORED, skuId: freshName('lamp'), stock: 100, ratePerSecond: 100 };
  skuId = String((await openSale(stack.edge, terms)).skuId);
});
afterAll(() => stack?.stop());

/** Signs in and presses the button, with the keyboard alone and no faster than hands are. */
async function buyByKeyboard(page: Page, name: string): Promise<void> {
  await page.goto(`${stack.edge}/sale/${skuId}`);
  await page.getByRole('status').filter({ hasText: 'Sign in to buy' }).waitFor();
  await page.getByLabel('Your name').focus();
  await page.keyboard.type(name, { delay: 70 });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Buy now' }).waitFor();
  await page.getByRole('button', { name: 'Buy now' }).focus();
  await page.keyboard.press('Enter', { delay: 60 });
}

async function arrive({ context, close }: Opened): Promise<{ page: Page; answers: string[] }> {
  onTestFinished(close);
  const page = await context.newPage();
  return { page, answers: watchAnswers(page) };
}

const firstAnswer = (answers: string[]) =>
  until(async () => answers.find((answer) => answer !== '200'));

async function curl(path: string, call: { token: string; headers?: string[]; body: object }) {
  const headers = [`authorization: Bearer ${call.token}`, ...(call.headers ?? [])];
  const { stdout } = await run('curl', [
    ...['-s', '-w', ' %{http_code}', '--json', JSON.stringify(call.body)],
    ...headers.flatMap((header) => ['-H', header]),
    `${stack.edge}${path}`,
  ]);
  const status = stdout.slice(-3);
  return { status: Number(status), body: JSON.parse(stdout.slice(0, -4)) };
}

/** What an operator learns by the reference. */
async function explain(reference: string) {
  const env = {
    ...process.env,
    PROFILE: 'local',
    EDGE_REDIS_HOST: stack.redis.host,
    EDGE_REDIS_PORT: String(stack.redis.port),
  };
  const args = [join(ROOT, 'origin/cli/cli.ts'), 'explain', reference, '--json'];
  const { stdout } = await run(process.execPath, args, { env });
  return JSON.parse(stdout);
}

async function plainToken(): Promise<string> {
  const { body } = await send(`${stack.edge}/api/dev/token`, { body: { userId: freshName('u') } });
  return String(body.token);
}

test('curl is asked for a device, and with its proof of work it is not let through either', async () => {
  const token = await plainToken();
  const bare = await curl(`/api/seckill/${skuId}`, { token, body: {} });
  expect(bare).toMatchObject({ status: 403, body: { type: '/problems/challenge-required' } });

  const challenge = challengeIn(bare.body.challenge);
  const proof = challenge && (await solveProof(challenge));
  const shown = await curl('/api/device', { token, body: { proof } });
  if (shown.status !== 200) return expect(shown.status).toBe(403);
  const headers = [`x-device-token: ${shown.body.deviceToken}`];
  const again = await curl(`/api/seckill/${skuId}`, { token, headers, body: {} });
  expect(again.status).toBe(403);
});

test('headless Chromium is stopped, and shown a way on', async () => {
  const { page, answers } = await arrive(await openHeadless());
  await buyByKeyboard(page, freshName('headless'));
  expect(await firstAnswer(answers)).toMatch(STOPPED);
  await page
    .getByRole('status')
    .filter({ hasText: 'We could not tell you from a script' })
    .waitFor();
  const reference = (await page.locator('dd').first().textContent()) ?? '';
  const explained = await explain(reference);
  expect(explained).toMatchObject({
    reference,
    stage: 'purchase',
    skuId,
    score: expect.any(Number),
  });
  expect(explained.deviceRules).toContain('webdriver');
});

test('headless Chromium in disguise is stopped', async () => {
  const { page, answers } = await arrive(await openStealthy());
  await buyByKeyboard(page, freshName('stealthy'));
  expect(await firstAnswer(answers)).toMatch(STOPPED);
});

test('a person with a keyboard buys, and never hears of all this', async () => {
  const { page, answers } = await arrive(await openHeaded());
  await buyByKeyboard(page, freshName('person'));
  await page.getByRole('status').filter({ hasText: 'Reserved for you' }).waitFor();
  expect(answers.filter((answer) => STOPPED.test(answer))).toEqual([]);
  expect(answers).toContain('201');
});

test('who blocks the collector gets in', async () => {
  const { page } = await arrive(await openHeaded());
  await page.addInitScript(() => {
    const block = () => {
      throw new Error('blocked by an extension');
    };
    Object.defineProperty(Navigator.prototype, 'platform', { get: block });
  });
  const shown = page.waitForRequest(/\/api\/device$/);
  await buyByKeyboard(page, freshName('private'));
  expect((await shown).postDataJSON()).not.toHaveProperty('device');
  await page.getByRole('status').filter({ hasText: 'Reserved for you' }).waitFor();
});

test('who was refused wrongly gets in by the longer check', async () => {
  const { page, answers } = await arrive(await openHeadless());
  await buyByKeyboard(page, freshName('odd'));
  const longer = page.getByRole('button', { name: 'Run the longer check' });
  await longer.waitFor();
  await longer.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'Reserved for you' }).waitFor();
  expect(answers).toContain('201');
});

test("another user's proof and device token are nobody's", async () => {
  const { edge } = stack;
  const [lender, borrower] = [await plainToken(), await plainToken()];
  const shown = await showDevice(freshVisit(edge, lender));
  expect(shown.status).toBe(200);
  const headers = { 'x-device-token': String(shown.body.deviceToken) };
  const bought = await send(`${edge}/api/seckill/${skuId}`, { token: borrower, headers, body: {} });
  expect(bought).toMatchObject({ status: 403, body: { type: '/problems/challenge-required' } });
  const { body: challenge } = await send(`${edge}/api/challenge`, { token: lender });
  const stolen = await showDevice(freshVisit(edge, borrower), { challenge });
  expect(stolen).toMatchObject({ status: 400, body: { type: '/problems/proof-invalid' } });
});

test('a proof counts once', async () => {
  const { edge } = stack;
  const token = await tokenOf(edge, freshName('twice'));
  const { body: challenge } = await send(`${edge}/api/challenge`, { token });
  const visit = freshVisit(edge, token);
  expect(await showDevice(visit, { challenge })).toMatchObject({ status: 200 });
  const again = await showDevice(visit, { challenge });
  expect(again).toMatchObject({ status: 409, body: { type: '/problems/proof-used' } });
});
