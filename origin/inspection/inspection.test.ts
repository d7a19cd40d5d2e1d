import { expect, it } from 'vitest';
import { inspectAll, skewFaults } from './inspection.ts';

it('tells what is wrong, and what is not there', async () => {
  const found = await inspectAll([
    { name: 'redis', inspect: async () => ({ faults: [] }) },
    { name: 'database', inspect: async () => ({ faults: ['cuts values'] }) },
    { name: 'etcd', inspect: () => Promise.reject(new Error('refused')) },
  ]);
  expect(found).toEqual([
    { name: 'redis', status: 'as promised', faults: [] },
    { name: 'database', status: 'not as promised', faults: ['cuts values'] },
    { name: 'etcd', status: 'not reachable', faults: ['refused'] },
  ]);
});

it('takes time of asking for no skew', () => {
  expect(skewFaults(undefined)).toEqual([]);
  expect(skewFaults({ serverMs: 1_000, tookMs: 0 }, 2_000)).toEqual([]);
  expect(skewFaults({ serverMs: 1_000, tookMs: 1_500 }, 3_000)).toEqual([]);
  expect(skewFaults({ serverMs: 5_000, tookMs: 0 }, 3_000)).toEqual([
    "its clock and this host's differ by 2000 ms",
  ]);
});
