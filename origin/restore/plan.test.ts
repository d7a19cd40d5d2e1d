import { describe, expect, it } from 'vitest';
import type { OrderEvent } from '../../shared/order-event.ts';
import type { ActivityRow } from '../store/store.ts';
import type { ServedActivity } from './facts.ts';
import { gatherLogFacts } from './log-facts.ts';
import { planRestore } from './plan.ts';
import { termsOfLost } from './terms-of-lost.ts';

type Row = Omit<Partial<ActivityRow>, 'applied'> & { applied?: Partial<ActivityRow['applied']> };

function rowOf({ applied, ...changes }: Row): ActivityRow {
  return {
    ...{ activityId: 'a', skuId: 'lamp', title: 'A lamp', stock: 10, price: 5, currency: 'EUR' },
    ...{ limitPerUser: 1, ratePerSecond: 1, capacity: 1, queueLimit: 1, entryOpensAt: 0 },
    ...{ startAt: 0, endAt: 9, ticketWindowSeconds: 5, paymentWindowSeconds: 5, challengeAt: 40 },
    ...{ denyAt: 80, draw: false, drawFacts: null, beacon: null, state: 'LOADED', paused: false },
    ...{ version: 1, createdAt: 0, updatedAt: 0, deletedAt: null, runId: 'aaaa', epoch: 1 },
    ...{ epochTaken: 1, epochAnnounced: 1, fenceEpoch: 0, fenceReason: null, virtualAt: 0 },
    ...{ frontier: 0, speedPin: null },
    ...changes,
    applied: {
      ...{ epoch: 1, seq: 3, sold: 3, stock: 10, alarmEpoch: 0, alarm: null, ledgerHead: null },
      ...applied,
    },
  };
}

const event = (epoch: number, seq: number, changes: Partial<OrderEvent> = {}): OrderEvent => ({
  ...{ version: 1, activityId: 'a', skuId: 'lamp', epoch, seq, at: 1_000 + seq },
  type: seq === 0 ? 'epoch' : 'reserved',
  order: {
    ...{ orderId: `lamp-${epoch}-${seq}`, userId: 'ann', quantity: 2, amount: 10, currency: 'EUR' },
    ...{ status: 'PENDING', createdAt: 1_000, payBy: 61_000 },
  },
  ...changes,
});

const servedOf = (epoch: number, seq: number, changes: Partial<ServedActivity> = {}) => ({
  ...{ activityId: 'a', skuId: 'lamp', newest: { epoch, seq }, markedEpoch: 0, sold: 3 },
  ...{ terms: { rebuild: 0, line: 7 }, fence: '' },
  texts: { total: '10', endAt: '9', price: '5' },
  ...changes,
});

/** `isWhole`: whether the log has lost nothing to age. */
function plan(
  row: Row | undefined,
  events: readonly OrderEvent[],
  { served, age = 'whole' }: { served?: ServedActivity; age?: 'whole' | 'cut' } = {},
) {
  const rows = row === undefined ? [] : [rowOf(row)];
  const facts = gatherLogFacts(
    (id) =>
      rows.find(({ activityId, state }) => activityId === id && state !== 'SCHEDULED')?.applied,
  );
  for (const one of events) {
    facts.take({ kind: 'event', event: one, position: 'p' }, age === 'whole');
  }
  const found = planRestore({
    ...{ rows, logged: facts.activities(), served: served === undefined ? [] : [served] },
    lastOf: facts.lastOf,
  });
  return { found: found.find(({ activityId }) => activityId === 'a'), facts };
}

const upTo3 = [event(1, 1), event(1, 2), event(1, 3)];

describe('a loaded activity', () => {
  it('whose log ends where the database does lacks nothing', () => {
    expect(plan({}, upTo3, { served: servedOf(1, 3) }).found).toMatchObject({
      ...{ finding: 'whole', applied: '1-3', newest: '1-3', events: 0, readmit: undefined },
    });
  });

  it('is behind where the log goes on; no epoch of the log is given out again', () => {
    const adjusted = event(2, 1, { type: 'adjusted', stock: 14 });
    const { found } = plan({}, [...upTo3, event(1, 4), event(2, 0), adjusted]);
    expect(found).toMatchObject({ finding: 'behind', newest: '2-1', events: 3, notes: [] });
    expect(found?.readmit).toEqual({
      ...{ activityId: 'a', to: 'LOADED', knownEpoch: 2, load: undefined, stock: 14 },
      ...{ live: undefined, knownVersion: 0 },
    });
  });

  it('is behind where a rebuild that it knows nothing of has begun', () => {
    const { found } = plan({}, upTo3, { served: servedOf(1, 3, { markedEpoch: 4 }) });
    expect(found).toMatchObject({ finding: 'behind', readmit: { knownEpoch: 4 } });
  });

  it('keeps the stock that was wanted before the backup and never reached Redis', () => {
    const { found } = plan({ stock: 12 }, [...upTo3, event(1, 4)], { served: servedOf(1, 4) });
    expect(found?.readmit?.stock).toBeUndefined();
  });

  it('is over where a later activity of its SKU stands in the log', () => {
    const { found } = plan({}, [...upTo3, event(1, 1, { activityId: 'b' })]);
    expect(found).toMatchObject({ finding: 'over', readmit: { to: 'CLOSED' } });
  });

  it('takes from Redis what the log has lost to its age; else says so, and of edited terms too', () => {
    const served = servedOf(1, 9, {
      texts: { total: '10', endAt: '99', price: '6', paused: '1', version: '8' },
    });
    const { found } = plan({}, [event(1, 7), event(1, 8)], { served, age: 'cut' });
    expect(found?.notes).toMatchObject([/price was 6/].map((text) => expect.stringMatching(text)));
    expect(found).toMatchObject({
      source: 'redis',
      readmit: { live: { endAt: 99, paused: true }, knownVersion: 8 },
    });
    expect(plan({}, [event(1, 4)], { age: 'cut' }).found).toMatchObject({
      source: 'log',
      notes: [],
    });
    const lost = plan({}, [event(1, 7)], { age: 'cut' }).found;
    expect(lost).toMatchObject({ source: 'log', notes: [expect.stringMatching(/lost events/)] });
    const older = plan({}, [event(1, 7)], { age: 'cut', served: servedOf(1, 5) }).found;
    expect(older).toMatchObject({ source: 'log', notes: [expect.stringMatching(/lost events/)] });
  });
});

describe('an activity that the backup has as', () => {
  it('SCHEDULED is loaded with the epoch of its first event and enough units', () => {
    const served = servedOf(2, 3, { texts: { total: '16' } });
    const { found } = plan({ state: 'SCHEDULED', epoch: 0, epochTaken: 0 }, upTo3, { served });
    expect(found?.finding).toBe('unloaded');
    expect(found?.readmit).toEqual({
      ...{ activityId: 'a', to: 'LOADED', knownEpoch: 2, load: { epoch: 1, stock: 16 }, stock: 16 },
      ...{ live: undefined, knownVersion: 0 },
    });
  });

  it('SCHEDULED, and that nobody else knows, is whole', () => {
    expect(plan({ state: 'SCHEDULED' }, []).found).toMatchObject({ finding: 'whole' });
  });

  it('CLOSED only has its events applied again', () => {
    const row: Row = { state: 'CLOSED' };
    const { found } = plan(row, [...upTo3, event(1, 4)]);
    expect(found).toMatchObject({ finding: 'behind', readmit: undefined });
    expect(plan(row, upTo3).found).toMatchObject({ finding: 'whole', events: 0 });
  });

  it('nothing at all gets its terms from Redis, else from its orders', () => {
    const { found, facts } = plan(undefined, upTo3);
    expect(found).toMatchObject({ finding: 'unknown', events: 3 });
    const [log] = facts.activities();
    expect(termsOfLost({ log, redis: undefined })).toMatchObject({
      kind: 'terms',
      terms: {
        ...{ skuId: 'lamp', stock: 6, price: 5, currency: 'EUR', startAt: 1_001, endAt: 1_004 },
        ...{ paymentWindowSeconds: 60, limitPerUser: 100, draw: false },
      },
    });
    const terms = { total: '20', startAt: '5', endAt: '5000', limit: '2', price: '7', rate: '9' };
    const redis = servedOf(1, 3, { texts: { ...terms, capacity: '3', paymentWindow: '8000' } });
    expect(termsOfLost({ log, redis })).toMatchObject({
      terms: {
        ...{ stock: 20, startAt: 5, endAt: 5_000, limitPerUser: 2, price: 7, ratePerSecond: 9 },
        ...{ capacity: 3, paymentWindowSeconds: 8 },
      },
    });
  });
});
