// Turnstile as the stronger challenge: the page shows the widget, the edge asks a stand-in that
// speaks the documented protocol of siteverify.
import { createServer } from 'node:http';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { type Browser, chromium } from 'playwright-core';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { freePort, LOOPBACK } from '../local/services/ports.ts';
import { programs, provide } from '../local/services/programs.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { openSale } from './client.ts';
import { freshName } from './send.ts';

const SECRET = 'secret-of-the-stand-in';
const SITE_KEY = 'site-key-of-the-stand-in';
const questionSchema = v.object({ secret: v.string(), response: v.string() });

/** What the widget was rendered with, by the token that it gave; each token counts once. */
const given = new Map<string, { action: string; cData: string }>();
const asked: string[] = [];

const siteverify = createServer(async (request, response) => {
  const { secret, response: token } = v.parse(questionSchema, await json(request));
  asked.push(token);
  const of = given.get(token);
  given.delete(token);
  const codes = secret === SECRET ? ['timeout-or-duplicate'] : ['invalid-input-secret'];
  const isRight = of !== undefined && secret === SECRET;
  response.setHeader('content-type', 'application/json');
  response.end(
    JSON.stringify(
      isRight
        ? { success: true, 'error-codes': [], action: of.action, cdata: of.cData }
        : { success: false, 'error-codes': codes },
    ),
  );
});

/** Stands for Cloudflare's script: a widget that is a button, and gives a token when pressed. */
const WIDGETS = `window.turnstile = {
  render(container, { action, cData, callback }) {
    const button = document.createElement('button');
    button.textContent = 'I am a person';
    button.onclick = async () => callback(await window.giveToken(action, cData));
    container.append(button);
    return 'widget-1';
  },
  remove() {},
};`;

let stack: Stack;
let browser: Browser;

beforeAll(async () => {
  const port = await freePort();
  siteverify.listen(port, LOOPBACK);
  stack = await startStack({
    kind: 'embedded',
    dir: join(inject('scratchDir'), freshName('turnstile')),
    secrets: makeSecrets(),
    edgeVars: {
      TURNSTILE_SITE_KEY: SITE_KEY,
      TURNSTILE_SECRET: SECRET,
      TURNSTILE_URL: `http://${LOOPBACK}:${port}/siteverify`,
    },
  });
  const executablePath = await provide(programs.chromium);
  browser = await chromium.launch({ executablePath, args: ['--no-sandbox'] });
});
afterAll(async () => {
  await browser?.close();
  await stack?.stop();
  siteverify.close();
});

test('who looks odd meets the widget, answers it by keyboard, and buys', async () => {
  const { skuId } = await openSale(stack.edge, { challengeAt: 0, denyAt: 100 });
  const page = await browser.newPage();
  await page.exposeFunction('giveToken', (action: string, cData: string) => {
    const token = freshName('token');
    given.set(token, { action, cData });
    return token;
  });
  await page.route('https://challenges.cloudflare.com/**', (route) =>
    route.fulfill({ contentType: 'text/javascript', body: WIDGETS }),
  );
  await page.goto(`${stack.edge}/sale/${skuId}`);
  await page.getByLabel('Your name').fill('greta');
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Buy now' }).click();
  const widget = page.getByRole('button', { name: 'I am a person' });
  await widget.waitFor();
  await widget.focus();
  await page.keyboard.press('Enter');
  await page.getByRole('status').filter({ hasText: 'Reserved for you' }).waitFor();
  expect(asked).toHaveLength(1);
});
