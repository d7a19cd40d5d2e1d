// A turn that comes while nobody looks at the tab: the page enters in time all the same.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { until } from './client.ts';
import { NOW, order, payable, place, queued, sale } from './page-answers.ts';
import { type StandIn, startStandIn } from './page-stand-in.ts';
import { type PlainChromium, startPlainChromium } from './plain-chromium.ts';
import { freshName } from './send.ts';

let browser: PlainChromium;
let standIn: StandIn;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('plain-chromium'));
  [browser, standIn] = await Promise.all([startPlainChromium(dir), startStandIn()]);
});
afterAll(async () => {
  await browser?.stop();
  await standIn?.stop();
});

/** A timer of the page's own as short as its shortest wait, over and over: what a hidden tab allows. */
const OWN_TIMER = `{
  globalThis.ticks = 0;
  const tick = () => { globalThis.ticks += 1; setTimeout(tick, 300); };
  setTimeout(tick, 300);
}`;
const POLLS = 20;
/** Of the page's own timers in that time, were they not slowed down, there would be as many. */
const MOST_TICKS = POLLS - 3;

test('in a hidden tab, where the page’s own timers are slowed down, the line is followed in time', async () => {
  const skuId = freshName('lamp');
  const waiting = queued(skuId, { pollAfterSeconds: 0.3 });
  standIn.play(skuId, { sale: sale(skuId), place: waiting, purchase: waiting });
  const tab = await browser.open(`${standIn.url}/sale/${skuId}`);
  const kept = {
    session: `anna\ntoken\n${NOW + 3_600_000}`,
    'device/anna': `device\n${NOW + 3_600_000}`,
    [`ticket/${skuId}/anna`]: `${skuId}.ticket`,
  };
  // A tab begins empty, and complete.
  const stands = `document.readyState === 'complete' && location.protocol === 'http:'`;
  await until(async () => (await tab.evaluate(stands)) === true || undefined);
  await tab.evaluate(`Object.assign(localStorage, ${JSON.stringify(kept)}); location.reload()`);
  const viewOf = () => tab.evaluate('document.getElementById("card")?.dataset.view');
  await until(async () => (await viewOf()) === 'waiting' || undefined);

  await (await browser.open('about:blank')).show();
  await until(async () => (await tab.evaluate('document.hidden')) === true || undefined);
  const polls = () => standIn.asked(skuId).filter(({ call }) => call === 'place').length;
  await tab.evaluate(OWN_TIMER);
  const before = polls();
  await until(async () => polls() >= before + POLLS || undefined, 40_000);
  expect(Number(await tab.evaluate('globalThis.ticks'))).toBeLessThan(MOST_TICKS);

  const bought = order(skuId, payable(skuId));
  standIn.play(skuId, { place: place(skuId, 'READY'), purchase: { ...bought, status: 201 } });
  standIn.play(skuId, { order: bought });
  await until(async () => (await viewOf()) === 'order' || undefined);
  expect(await tab.evaluate('document.hidden')).toBe(true);
});
