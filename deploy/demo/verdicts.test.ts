import { expect, test } from 'vitest';
import type { BotOutcome, CrowdReport, PersonOutcome } from '../crowd/outcome.ts';
import type { OrderRow } from './evidence.ts';
import { excessOver } from './origin-watch.ts';
import { type Sale, tallyOf, verdictsOf } from './verdicts.ts';

const sale: Sale = { stock: 2, limitPerUser: 1, isWanted: true };

const row = (seq: number, change: Partial<OrderRow> = {}): OrderRow => ({
  order_id: `sku-${seq}`,
  user_id: `user-${seq}`,
  quantity: 1,
  status: 'PENDING',
  epoch: 1,
  seq,
  ...change,
});
const person = (change: Partial<PersonOutcome> = {}): PersonOutcome => ({
  userId: 'user-1',
  end: 'bought',
  unfair: [],
  met: { line: false, challenge: false, refusal: false },
  ...change,
});
const bot = (change: Partial<BotOutcome> = {}): BotOutcome => ({
  family: 'no-token',
  bought: false,
  requests: 1,
  answers: { '401 unauthenticated': 1 },
  ...change,
});

function brokenBy(
  change: {
    rows?: OrderRow[];
    stockLeft?: number;
    report?: Partial<CrowdReport>;
    entries?: { seen: number; excess: number };
    areAllAlive?: boolean;
    sale?: Partial<Sale>;
  } = {},
): string[] {
  const rows = change.rows ?? [row(1), row(2)];
  const report: CrowdReport = {
    people: [person()],
    bots: [bot()],
    confirmed: rows.map(({ user_id: userId, order_id: orderId, quantity }) => ({
      userId,
      orderId,
      quantity,
    })),
    purchaseMs: [1],
    requests: 3,
    ...change.report,
  };
  const sold = rows.filter(({ status }) => status !== 'CANCELLED').length;
  const redis = { stock: change.stockLeft ?? 2 - sold, sold };
  const terms = { ...sale, ...change.sale };
  const tally = tallyOf(terms, report, { rows, redis });
  const { entries = { seen: rows.length, excess: 0 }, areAllAlive = true } = change;
  return verdictsOf({ sale: terms, tally, report, entries, areAllAlive })
    .filter(({ held }) => !held)
    .map(({ id }) => id);
}

test('a clean sale breaks nothing', () => {
  expect(brokenBy()).toEqual([]);
});

test.for<[string, Parameters<typeof brokenBy>[0], string[]]>([
  ['a third row of two units', { rows: [row(1), row(2), row(3)] }, ['never-oversold']],
  ['a unit that stayed', { rows: [row(1)] }, ['sold-out']],
  ['a user with two', { rows: [row(1), row(2, { user_id: 'user-1' })] }, ['limit-per-user']],
  [
    'a 201 without a row',
    { report: { confirmed: [{ userId: 'user-9', orderId: 'sku-9', quantity: 1 }] } },
    ['every-201-once'],
  ],
  ['a number used twice', { rows: [row(1), row(2, { seq: 1 })] }, ['every-201-once']],
  [
    'a unit neither sold nor free',
    { rows: [row(1)], sale: { isWanted: false }, stockLeft: 0 },
    ['nothing-leaked'],
  ],
  [
    'an unfair answer',
    { report: { people: [person({ unfair: ['429 rate-limited'] })] } },
    ['nobody-refused-wrongly'],
  ],
  [
    'a person left alone',
    { report: { people: [person({ end: 'gave-up' })] } },
    ['nobody-refused-wrongly'],
  ],
  [
    'a person whom no check let through',
    { report: { people: [person({ end: 'challenged' })] } },
    ['nobody-refused-wrongly'],
  ],
  [
    'a script that bought with the device of another user',
    { report: { bots: [bot({ family: 'borrowed-device', bought: true })] } },
    ['identity'],
  ],
  ['too many entries', { entries: { seen: 9, excess: 1 } }, ['origin-ceiling']],
  ['entries that nobody watched', { entries: { seen: 0, excess: 0 } }, ['origin-ceiling']],
  [
    'a script without a token that bought',
    { report: { bots: [bot({ bought: true })] } },
    ['identity'],
  ],
  ['an answer 500', { report: { bots: [bot({ answers: { '500 ': 1 } })] } }, ['bad-input']],
  ['a process that ended', { areAllAlive: false }, ['bad-input']],
])('%s is seen', ([, change, expected]) => {
  const broken = brokenBy(change);
  for (const id of expected) expect(broken).toContain(id);
});

test('entries at rate and burst are within the ceiling, a second burst is not', () => {
  const pace = { ratePerSecond: 100, capacity: 50 };
  const steady = Array.from({ length: 20 }, (_, index) => ({
    ...{ fromMs: index * 250 - 5, atMs: index * 250 },
    entries: 50 + 25 * index,
  }));
  expect(excessOver(pace, steady)).toBeLessThanOrEqual(0);
  const surging = steady.map(({ entries, ...look }) => ({
    ...look,
    entries: look.atMs > 2_000 ? entries + 200 : entries,
  }));
  expect(excessOver(pace, surging)).toBeGreaterThan(0);
});

test('a look whose answer was long in coming speaks of when it was asked for', () => {
  const pace = { ratePerSecond: 100, capacity: 50 };
  const looks = [
    { fromMs: 0, atMs: 1_900, entries: 0 },
    { fromMs: 1_990, atMs: 2_000, entries: 50 + 120 * 2 },
  ];
  expect(excessOver(pace, looks)).toBeLessThanOrEqual(0);
});
