// The short form of `npm run chaos`: one sale, and what is cheapest to hurt.
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { type Action, type Plan, planOf } from '../chaos/plan.ts';
import { runOnce } from '../chaos/run.ts';
import { freshName } from './send.ts';

/** Most of it passes while payments fall due; a busy machine takes longer. */
const WITHIN_MS = 200_000;

const fault = (target: string, action: Action, atMs: number, forMs: number) => ({
  ...{ target, action, atMs, forMs },
});

const plan: Plan = {
  ...planOf(3, 'embedded'),
  faults: [
    fault('origin', 'kill', 2_000, 500),
    fault('redis', 'kill', 6_000, 300),
    fault('edge', 'kill', 6_200, 300),
    fault('redis', 'roll-back', 10_000, 300),
  ],
  ...{ stock: 30, limitPerUser: 2, ratePerSecond: 10, capacity: 5, buyers: 40 },
  arriveWithinMs: 12_000,
};

test(
  'origin, Redis and Worker killed, Redis put back: the promises hold',
  async () => {
    const words: string[] = [];
    const result = await runOnce({
      ...{ plan, kind: 'embedded', dir: join(inject('scratchDir'), freshName('chaos')) },
      tell: (text) => words.push(text),
      signal: new AbortController().signal,
    });
    expect(result.broken, words.join('\n')).toEqual([]);
    expect(result.answered201).toBeGreaterThan(0);
    const { oversold, lost, duplicates, overLimit, leaked } = result;
    expect({ oversold, lost, duplicates, overLimit, leaked }).toEqual({
      ...{ oversold: 0, lost: 0, duplicates: 0, overLimit: 0, leaked: 0 },
    });
  },
  WITHIN_MS,
);
