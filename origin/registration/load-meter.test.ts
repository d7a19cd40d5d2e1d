import { setTimeout as pause } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createLoadMeter, STARTING_LOAD } from './load-meter.ts';

it('does not count the start, and follows what is done afterwards', async () => {
  workFor(50);
  const readLoad = createLoadMeter();
  workFor(50);
  expect(readLoad()).toBe(STARTING_LOAD);
  workFor(50);
  // Utilization is reckoned between turns of the event loop.
  await pause(1);
  const busy = readLoad();
  expect(busy).toBeGreaterThan(STARTING_LOAD);
  await pause(100);
  expect(readLoad()).toBeLessThan(busy);
});

function workFor(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}
