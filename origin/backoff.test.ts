import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createBackoff, pauseFor } from './backoff.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

const never = new AbortController().signal;

/** How long a pause lasts, in fake milliseconds. */
async function lengthOf(pause: Promise<void>): Promise<number> {
  const startedAt = Date.now();
  await vi.runAllTimersAsync();
  await pause;
  return Date.now() - startedAt;
}

test('pauses double up to the limit, the upper half at random', async () => {
  const backoff = createBackoff({ leastMs: 100, mostMs: 1_000 });
  for (const ceiling of [100, 200, 400, 800, 1_000, 1_000]) {
    const length = await lengthOf(backoff.pause(never));
    expect(length).toBeGreaterThanOrEqual(ceiling / 2 - 1);
    expect(length).toBeLessThanOrEqual(ceiling);
  }
  backoff.reset();
  expect(await lengthOf(backoff.pause(never))).toBeLessThanOrEqual(100);
});

test('an abort ends a pause, and none begins behind it', async () => {
  const abort = new AbortController();
  const pause = pauseFor(60_000, abort.signal);
  abort.abort();
  await pause;
  await pauseFor(60_000, abort.signal);
  expect(vi.getTimerCount()).toBe(0);
});
