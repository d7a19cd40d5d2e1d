import { expect, it } from 'vitest';
import type { ActivityRow } from '../store/store.ts';
import { type RedisFacts, rebuildReason } from './inspect.ts';

type Row = Omit<Partial<ActivityRow>, 'applied'> & { applied?: Partial<ActivityRow['applied']> };

/** An activity whose third epoch is open, and what stands in Redis of it. */
function rowOf({ applied, ...changes }: Row = {}): ActivityRow {
  return {
    ...{ activityId: 'act', skuId: 'sku_1', title: 'A thing', stock: 10, price: 1 },
    ...{ currency: 'EUR', limitPerUser: 1, ratePerSecond: 1, capacity: 1, queueLimit: 1 },
    ...{ entryOpensAt: 0, startAt: 0, endAt: 1, ticketWindowSeconds: 5, paymentWindowSeconds: 5 },
    ...{ drawFacts: null, draw: false, beacon: null },
    ...{ challengeAt: 40, denyAt: 80, state: 'LOADED', paused: false, version: 1 },
    ...{
      createdAt: 0,
      updatedAt: 0,
      deletedAt: null,
      runId: 'aaaa',
      epoch: 3,
      epochTaken: 3,
      epochAnnounced: 3,
    },
    ...{ fenceEpoch: 0, fenceReason: null, virtualAt: 0, frontier: 0, speedPin: null },
    ...changes,
    applied: {
      epoch: 3,
      seq: 0,
      sold: 0,
      stock: 10,
      alarmEpoch: 0,
      alarm: null,
      ledgerHead: null,
      ...applied,
    },
  };
}
const whole: RedisFacts = { runId: 'aaaa', id: 'act', epoch: '3', fence: '', counters: 3 };

it.each<[string, Row, Partial<RedisFacts>, string | undefined]>([
  ['nothing is wrong', {}, {}, undefined],
  ['a rebuild opened without a mark to remove', {}, { fence: null }, undefined],
  ['another server answers', {}, { runId: 'bbbb' }, 'redis-replaced'],
  ['a rebuild took an epoch and ended', { epochTaken: 4 }, {}, 'rebuild-unfinished'],
  ['somebody asked', { fenceEpoch: 3, fenceReason: 'redis-behind' }, {}, 'redis-behind'],
  ['somebody asked without a word', { fenceEpoch: 3 }, {}, 'asked'],
  ['somebody asked in an epoch that is over', { fenceEpoch: 2, fenceReason: 'x' }, {}, undefined],
  ['the writer is alarmed', { applied: { alarmEpoch: 3, alarm: 'a gap' } }, {}, 'writer: a gap'],
  [
    'the writer was alarmed in an epoch that is over',
    { applied: { alarmEpoch: 2 } },
    {},
    undefined,
  ],
  ['the fence stands closed', {}, { fence: '1 4 aaaa closed' }, 'fence-closed'],
  ['a counter is missing', {}, { counters: 2 }, 'keys-missing'],
  ['all is missing', {}, { id: null, epoch: null, fence: null, counters: 0 }, 'keys-missing'],
  ['another activity stands there', {}, { id: 'other' }, 'keys-missing'],
  ['an older epoch stands there', {}, { epoch: '2' }, 'epoch-differs'],
  ['a newer epoch stands there', {}, { epoch: '4' }, 'epoch-differs'],
])('when %s', (_what, row, facts, reason) => {
  expect(rebuildReason(rowOf(row), { ...whole, ...facts })).toBe(reason);
});

it('names the server first: what another server holds proves nothing', () => {
  const row = rowOf({ epochTaken: 4, fenceEpoch: 3 });
  expect(rebuildReason(row, { ...whole, runId: 'bbbb', counters: 0 })).toBe('redis-replaced');
});
