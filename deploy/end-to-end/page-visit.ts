// A visit to the buyer's page in real Chromium, in one of its states.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { type Browser, chromium, type Page } from 'playwright-core';
import { programs, provide } from '../local/services/programs.ts';
import { NOW } from './page-answers.ts';
import type { StandIn } from './page-stand-in.ts';
import type { PageState } from './page-states.ts';

export const PHONE = { width: 390, height: 780 };
export const DESKTOP = { width: 1280, height: 800 };

/** How somebody looks at the page. */
export interface Look {
  readonly name: string;
  readonly viewport: { readonly width: number; readonly height: number };
  readonly locale: string;
  readonly colorScheme?: 'light' | 'dark';
}

let lastSale = 0;
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export async function openChromium(): Promise<Browser> {
  const executablePath = await provide(programs.chromium);
  return chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** A visitor's page in that state; who opened it closes its context. */
export async function visitState(
  { browser, standIn }: { readonly browser: Browser; readonly standIn: StandIn },
  state: PageState,
  { name: _, ...look }: Look,
): Promise<Page> {
  lastSale += 1;
  const skuId = `desk_lamp_${lastSale}`;
  standIn.play(skuId, state.answers(skuId));
  const context = await browser.newContext({
    ...look,
    timezoneId: 'Europe/London',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.clock.setFixedTime(NOW + (state.aheadMs ?? 0));
  const who = state.isOnlooker === true ? {} : { session: `anna\ntoken\n${NOW + 3_600_000}` };
  const kept = { ...who, 'device/anna': `device\n${NOW + 3_600_000}`, ...state.kept?.(skuId) };
  await page.addInitScript((texts: Record<string, string>) => {
    for (const [name, text] of Object.entries(texts)) localStorage.setItem(name, text);
  }, kept);
  await page.goto(`${standIn.url}/sale/${skuId}`);
  await state.steps?.(page, (answers) => standIn.play(skuId, answers));
  await page.locator(`#card[data-view="${state.view}"]`).waitFor();
  return page;
}

/** What axe-core finds wrong, one line each. */
export async function axeFaults(page: Page): Promise<string[]> {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const axe: unknown = Reflect.get(globalThis, 'axe');
    const run: unknown = Reflect.get(Object(axe), 'run');
    if (typeof run !== 'function') throw new Error('axe-core is not there');
    const { violations, passes } = await run(document);
    if (passes.length === 0) throw new Error('axe-core has looked at nothing');
    return violations.flatMap((fault: { id: string; nodes: { html: string }[] }) =>
      fault.nodes.map(({ html }) => `${fault.id}: ${html}`),
    );
  });
}
