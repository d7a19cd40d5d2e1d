// A turn that comes while nobody looks at the tab: the page enters in time all the same.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { until } from './client.ts';
import { order, payable, place, queued, sale } from './page-answers.ts';
import { type StandIn, startStandIn } from './page-stand-in.ts';
import { type PlainChromium, startPlainChromium } from './plain-chromium.ts';
import { freshName } from './send.ts';

let browser: PlainChromium;
let standIn: StandIn;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('plain-chromium'));
  // What comes after five minutes in a hidden tab comes after one second here: a page's own timers
  // run once a minute then.
  const flags = ['--enable-features=IntensiveWakeUpThrottling:grace_period_seconds/1'];
  [browser, standIn] = await Promise.all([startPlainChromium(dir, flags), startStandIn()]);
});
afterAll(async () => {
  await browser?.stop();
  await standIn?.stop();
});

/** Timers of the page's own, one after the other: 0.6 s in a tab that is seen. */
const OWN_TIMERS = `{
  let left = 12;
  const tick = () => (left -= 1) > 0 ? setTimeout(tick, 50) : (globalThis.areTimersDone = true);
  tick();
}`;

test('the tab is hidden, its own timers sleep, and the turn is not missed', async () => {
  const skuId = freshName('lamp');
  standIn.play(skuId, { sale: sale(skuId), place: queued(skuId), purchase: queued(skuId) });
  const tab = await browser.open(`${standIn.url}/sale/${skuId}`);
  const kept = {
    session: `anna\ntoken\n${Date.now() + 3_600_000}`,
    'device/anna': `device\n${Date.now() + 3_600_000}`,
    [`ticket/${skuId}/anna`]: `${skuId}.ticket`,
  };
  await until(async () => (await tab.evaluate('document.readyState')) === 'complete' || undefined);
  await tab.evaluate(`Object.assign(localStorage, ${JSON.stringify(kept)}); location.reload()`);
  const viewOf = () => tab.evaluate('document.getElementById("card")?.dataset.view');
  await until(async () => (await viewOf()) === 'waiting' || undefined);

  await (await browser.open('about:blank')).show();
  await until(async () => (await tab.evaluate('document.hidden')) === true || undefined);
  const polls = () => standIn.asked(skuId).filter(({ call }) => call === 'place').length;
  await tab.evaluate(OWN_TIMERS);
  const before = polls();
  await until(async () => polls() >= before + 4 || undefined);
  const bought = order(skuId, payable(skuId));
  standIn.play(skuId, { place: place(skuId, 'READY'), purchase: { ...bought, status: 201 } });
  standIn.play(skuId, { order: bought });
  const called = performance.now();
  await until(async () => (await viewOf()) === 'order' || undefined);

  expect(performance.now() - called).toBeLessThan(4_000);
  expect(await tab.evaluate('document.hidden')).toBe(true);
  expect(await tab.evaluate('globalThis.areTimersDone')).toBeUndefined();
});
