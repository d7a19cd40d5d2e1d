// Real browsers as they come to a sale: under a script's control, in disguise, and like a person's.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { programs, provide } from '../local/services/programs.ts';
import { until } from './client.ts';

export interface Opened {
  readonly context: BrowserContext;
  close(): Promise<void>;
}

const WITHOUT_SANDBOX = '--no-sandbox';
const HIDES_CONTROL = '--disable-blink-features=AutomationControlled';

/** Chromium as a script starts it. */
export async function openHeadless(): Promise<Opened> {
  const browser = await launch({ args: [WITHOUT_SANDBOX] });
  return opened(browser, await browser.newContext());
}

/** The same, patched the way stealth plug-ins do it. */
export async function openStealthy(): Promise<Opened> {
  const args = [WITHOUT_SANDBOX, HIDES_CONTROL];
  const browser = await launch({ args, ignoreDefaultArgs: ['--enable-automation'] });
  const userAgent = (await agentOf(browser)).replace('HeadlessChrome', 'Chrome');
  const context = await browser.newContext({ userAgent, locale: 'en-US' });
  await context.addInitScript(disguise);
  return opened(browser, context);
}

/** With a window on a screen, in a time zone where people live, and nobody's remote control. */
export async function openHeaded(): Promise<Opened> {
  const screen = await openScreen();
  const browser = await launch({
    headless: false,
    args: [WITHOUT_SANDBOX, HIDES_CONTROL],
    ignoreDefaultArgs: ['--enable-automation'],
    env: { ...process.env, DISPLAY: screen.display },
  });
  const people = { viewport: null, locale: 'en-GB', timezoneId: 'Europe/London' };
  const { context, close } = opened(browser, await browser.newContext(people));
  return {
    context,
    close: async () => {
      await close();
      screen.end();
    },
  };
}

async function launch(options: Parameters<typeof chromium.launch>[0]): Promise<Browser> {
  return chromium.launch({ executablePath: await provide(programs.chromium), ...options });
}

function opened(browser: Browser, context: BrowserContext): Opened {
  return { context, close: () => browser.close() };
}

async function agentOf(browser: Browser): Promise<string> {
  const page = await browser.newPage();
  const agent = await page.evaluate(() => navigator.userAgent);
  await page.close();
  return agent;
}

/** Runs in the page, before its scripts. */
function disguise(): void {
  const pretend = (target: object, name: string, value: unknown) =>
    Object.defineProperty(target, name, { get: () => value });
  pretend(Navigator.prototype, 'webdriver', false);
  pretend(Navigator.prototype, 'plugins', [1, 2, 3, 4, 5]);
  pretend(Navigator.prototype, 'languages', ['en-US', 'en']);
  const { getParameter } = WebGLRenderingContext.prototype;
  const [vendor, renderer] = [0x9245, 0x9246];
  WebGLRenderingContext.prototype.getParameter = function pretendGraphics(name: number) {
    if (name === vendor) return 'Intel Inc.';
    return name === renderer ? 'Intel Iris OpenGL Engine' : getParameter.call(this, name);
  };
}

/** A screen that nobody sees, on a number that it finds free itself. */
async function openScreen(): Promise<{ display: string; end(): void }> {
  const size = ['-screen', '0', '1920x1080x24', '-nolisten', 'tcp'];
  const screen: ChildProcess = spawn(await provide(programs.screen), ['-displayfd', '3', ...size], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  let number = '';
  screen.stdio[3]?.on('data', (chunk) => {
    number += chunk;
  });
  await Promise.race([
    until(async () => number.endsWith('\n') || undefined),
    once(screen, 'exit').then(() => Promise.reject(new Error('the screen does not start'))),
  ]);
  return { display: `:${number.trim()}`, end: () => void screen.kill() };
}

/** What the page was answered, as far as it concerns a purchase: `403 refused`, `201`. */
export function watchAnswers(page: Page): string[] {
  const seen: string[] = [];
  page.on('response', async (response) => {
    const isAsked = /\/api\/(seckill\/\w+|device)$/.test(new URL(response.url()).pathname);
    if (!isAsked || response.request().method() !== 'POST') return;
    const problem = response.status() < 400 ? '' : await response.text();
    const slug = /"\/problems\/([\w-]+)"/.exec(problem)?.[1] ?? '';
    seen.push(`${response.status()} ${slug}`.trim());
  });
  return seen;
}
