import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, test } from 'vitest';
import { pauseFor } from '../../backoff.ts';
import { createSingleInstance } from '../../leadership/single-instance.ts';
import { openStore } from '../../store/open-store.ts';
import { quietLog } from '../quiet-log.ts';

test('the single instance leads every job at once, in a higher term at each start', async () => {
  const dir = join(inject('scratchDir'), 'single-instance');
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${randomUUID()}.sqlite`);
  const terms: number[] = [];
  for (let start = 0; start < 3; start += 1) {
    const store = await openStore({ kind: 'sqlite', file });
    const leadership = createSingleInstance(store, quietLog);
    leadership.campaign('rebuild', async ({ term, signal }) => {
      terms.push(term);
      await pauseFor(60_000, signal);
    });
    leadership.campaign('line', ({ signal }) => pauseFor(60_000, signal));
    await expect.poll(() => leadership.leads().length).toBe(2);
    await leadership.ping();
    await leadership.close();
    expect(leadership.leads()).toEqual([]);
    await store.close();
  }
  expect(terms).toHaveLength(3);
  expect(terms).toEqual([...new Set(terms)].sort((one, other) => one - other));
});
