// Every state of the buyer's page, in both languages, on a phone and a desktop, light and dark:
// nothing that axe-core can find wrong, nothing cut off, one primary action at most.
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type StandIn, startStandIn } from './page-stand-in.ts';
import { PAGE_STATES, type PageState } from './page-states.ts';
import { axeFaults, DESKTOP, type Look, openChromium, PHONE, visitState } from './page-visit.ts';

let browser: Browser;
let standIn: StandIn;

beforeAll(async () => {
  [browser, standIn] = await Promise.all([openChromium(), startStandIn()]);
});
afterAll(async () => {
  await browser?.close();
  await standIn?.stop();
});

const LOOKS: readonly Look[] = [
  { name: 'phone, English', viewport: PHONE, locale: 'en-GB', colorScheme: 'light' },
  { name: 'desktop, English', viewport: DESKTOP, locale: 'en-US', colorScheme: 'dark' },
  { name: 'phone, Chinese', viewport: PHONE, locale: 'zh-CN', colorScheme: 'dark' },
  { name: 'desktop, Chinese', viewport: DESKTOP, locale: 'zh-TW', colorScheme: 'light' },
];
/** As wide as a desktop at 400 %, or a phone at 120 % (WCAG 1.4.10). */
const NARROWEST = { width: 320, height: 640 };
const HAN = /\p{Script=Han}/u;

test.each(PAGE_STATES.map((state) => [state.name, state] as const))('%s', async (_, state) => {
  // Side by side, for some states are waited for.
  await Promise.all(LOOKS.map((look) => checkLook(state, look)));
});

async function checkLook(state: PageState, look: Look): Promise<void> {
  const page = await visitState({ browser, standIn }, state, look);
  const isChinese = look.locale.startsWith('zh');
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(
    isChinese ? 'zh-Hans' : 'en',
  );
  expect(HAN.test((await page.getByRole('status').textContent()) ?? '')).toBe(isChinese);
  expect(await page.getByRole('status').count()).toBeLessThanOrEqual(1);
  expect(await primaryActions(page)).toBeLessThanOrEqual(1);
  expect(await axeFaults(page), look.name).toEqual([]);
  await page.setViewportSize(NARROWEST);
  expect(await overhang(page), look.name).toBe(0);
  await page.context().close();
}

/** Filled buttons to be seen, a dialog's or else the page's. */
async function primaryActions(page: Page): Promise<number> {
  const inDialog = page.locator('dialog[open] button:not(.second)');
  const onPage = page.locator('main > :not(dialog) :is(button, a.button):visible');
  const isOpen = (await inDialog.count()) > 0;
  return isOpen
    ? inDialog.count()
    : onPage.and(page.locator(':not(.plain, .second, .link)')).count();
}

/** Pixels by which the page is wider than the window. */
function overhang(page: Page): Promise<number> {
  return page.evaluate(() => Math.max(0, document.documentElement.scrollWidth - innerWidth));
}
