// `npm run screenshots`: pictures of every state of the buyer's page, into edge/page/screenshots.
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { PAGE } from '../stack/places.ts';
import { startStandIn } from './page-stand-in.ts';
import { PAGE_STATES } from './page-states.ts';
import { DESKTOP, type Look, openChromium, PHONE, visitState } from './page-visit.ts';

const PICTURES = join(PAGE, 'screenshots');
const LOOKS: readonly Look[] = [
  { name: 'phone', viewport: PHONE, locale: 'en-GB' },
  { name: 'desktop', viewport: DESKTOP, locale: 'en-GB' },
];
/** Of the states that differ most; the rest is tried in all looks by the tests. */
const ALSO: readonly Look[] = [
  { name: 'phone-chinese', viewport: PHONE, locale: 'zh-CN' },
  { name: 'phone-dark', viewport: PHONE, locale: 'en-GB', colorScheme: 'dark' },
];
const IN_ALL_LOOKS = new Set([
  'draw-entered',
  'open',
  'waiting',
  'reserved',
  'expired',
  'sold-out',
]);

const standIn = await startStandIn();
const browser = await openChromium();
rmSync(PICTURES, { recursive: true, force: true });
mkdirSync(PICTURES, { recursive: true });
for (const state of PAGE_STATES) {
  for (const look of IN_ALL_LOOKS.has(state.name) ? [...LOOKS, ...ALSO] : LOOKS) {
    const page = await visitState({ browser, standIn }, state, look);
    const path = join(PICTURES, `${state.name}-${look.name}.png`);
    // A dialog lies over what can be seen, not over the whole page.
    const fullPage = (await page.locator('dialog[open]').count()) === 0;
    await page.screenshot({ path, fullPage });
    await page.context().close();
  }
  console.log(state.name);
}
await browser.close();
await standIn.stop();
