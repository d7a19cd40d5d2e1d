// Fifty times as many purchases as the rate arrive at the real Worker: what the origin itself counts
// stays within 1.2 times the rate and the burst, in every window between two looks.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { countEntries } from '../stack/count-entries.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { freshNames, openSale, tokensOf } from './client.ts';
import { mostIn } from './intake.ts';
import { freshName, send } from './send.ts';

const BUYERS = 60;
const FOR_MS = 4_000;
/** How long a slow machine may take until as many have entered as may at once. */
const MOST_MS = 30_000;
const LOOK_WITHIN_MS = 5_000;
const LOOK_EVERY_MS = 100;
const TIMES_THE_RATE = 50;
const PACE = { ratePerSecond: 2, capacity: 20 };

let stack: Stack;
let tokens: string[];
beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('intake'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
  tokens = await tokensOf(stack.edge, freshNames(BUYERS));
}, 60_000);
afterAll(() => stack?.stop());

interface Look {
  readonly askedAt: number;
  readonly answeredAt: number;
  readonly entered: number;
}

/** How many purchases the origin has decided, repeats too. */
async function look(): Promise<Look> {
  const askedAt = performance.now();
  const entered = await countEntries(stack.actuator, LOOK_WITHIN_MS);
  return { askedAt, answeredAt: performance.now(), entered: Number(entered) };
}

test('the edge gets fifty times the rate, the origin its measure', async () => {
  const { skuId } = await openSale(stack.edge, { stock: 500, ...PACE });
  const url = `${stack.edge}/api/seckill/${skuId}`;
  const looks = [await look()];
  const beganAt = performance.now();
  const elapsed = () => performance.now() - beganAt;
  let longestMs = 0;
  async function press(token: string) {
    const pressedAt = performance.now();
    const { status } = await send(url, { token, body: {} });
    // 503 where the machine is slower than the edge's deadlines.
    expect([201, 202, 503]).toContain(status);
    longestMs = Math.max(longestMs, performance.now() - pressedAt);
  }
  const counted = () => (looks.at(-1)?.entered ?? 0) - (looks[0]?.entered ?? 0);
  const isOver = () =>
    elapsed() > MOST_MS || (elapsed() >= FOR_MS && counted() >= 0.9 * PACE.capacity);
  async function pressAll() {
    const presses: Promise<void>[] = [];
    for (let isLast = false; !isLast; await pause(10)) {
      isLast = isOver();
      const due = (elapsed() * TIMES_THE_RATE * PACE.ratePerSecond) / 1_000;
      while (presses.length < due) presses.push(press(tokens[presses.length % BUYERS] ?? ''));
    }
    await Promise.all(presses);
    return presses.length;
  }
  async function keepLooking() {
    while (!isOver()) {
      await pause(LOOK_EVERY_MS);
      looks.push(await look());
    }
  }
  const [sent] = await Promise.all([pressAll(), keepLooking()]);
  looks.push(await look());

  expect(sent).toBeGreaterThanOrEqual((TIMES_THE_RATE * PACE.ratePerSecond * FOR_MS) / 1_000);
  // What arrives within a window was let in within it or, at most, an answer's time before.
  for (const [index, from] of looks.entries()) {
    for (const to of looks.slice(index + 1)) {
      const windowMs = to.answeredAt - Math.max(beganAt, from.askedAt - longestMs);
      expect(to.entered - from.entered).toBeLessThanOrEqual(mostIn(PACE, 1_000 * windowMs));
    }
  }
  expect(counted()).toBeGreaterThanOrEqual(0.9 * PACE.capacity);
});
