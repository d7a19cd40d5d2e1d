import { expect, test } from 'vitest';
import { type Evidence, judge, type Row } from './judge.ts';
import type { Told } from './messages.ts';

const A = 'A'.repeat(26);
const B = 'B'.repeat(26);
const rowOf = (ulid: string, changes: Partial<Row>): Row => ({
  ...{ orderId: `tea-${ulid}`, userId: 'ann', quantity: 1, status: 'PENDING', seq: 1 },
  ...changes,
});
const rowA = rowOf(A, { quantity: 2 });
const rowB = rowOf(B, { userId: 'bob', seq: 2 });
const told: Told = {
  ...{ beganAt: 0, endedAt: 1, lastSoldAt: 1 },
  answers: { reserved: 2, known: 1, 'sold-out': 1, 'busy (asked again)': 5 },
  reserved: [A, B],
  facts: { [A]: ['ann 2'], [B]: ['bob 1'] },
};
const exact: Evidence = {
  ...{ skuId: 'tea', attempts: 4, units: 3, deadLetters: 0, alarm: null },
  told: [told],
  rows: [rowA, rowB],
  redis: {
    ...{ stock: 0, sold: 3, sequence: 2, outboxEntries: 0 },
    userCounts: new Map([
      ['ann', 2],
      ['bob', 1],
    ]),
  },
};
const broken = (evidence: Evidence): string[] =>
  judge(evidence)
    .filter(({ held }) => !held)
    .map(({ id }) => id);

test('an exact rush keeps everything', () => {
  expect(broken(exact)).toEqual([]);
});

const { redis } = exact;
test.each<[string, Partial<Evidence>, string[]]>([
  ['an attempt without a decision', { attempts: 5 }, ['answered']],
  ['a unit left', { redis: { ...redis, stock: 1 } }, ['sold-exactly']],
  ['one unit too many', { redis: { ...redis, sold: 4 } }, ['sold-exactly']],
  ['a missing number', { redis: { ...redis, sequence: 3 } }, ['no-duplicates']],
  ['a number twice', { rows: [rowA, { ...rowB, seq: 1 }] }, ['no-duplicates']],
  ['an order reserved twice', { told: [told, { ...told, answers: {} }] }, ['told-once']],
  [
    'an order told in two ways',
    { told: [{ ...told, facts: { [A]: ['ann 2', 'ann 1'] } }] },
    ['told-the-same'],
  ],
  [
    'a count that is not in rows',
    { redis: { ...redis, userCounts: new Map([['ann', 3]]) } },
    ['user-counts'],
  ],
  ['an entry left in the outbox', { redis: { ...redis, outboxEntries: 1 } }, ['all-written']],
  ['a dead letter', { deadLetters: 1 }, ['all-written']],
  ['an alarm', { alarm: 'a gap' }, ['all-written']],
])('%s is found', (_what, changes, ids) => {
  expect(broken({ ...exact, ...changes })).toEqual(ids);
});

test('a lost row is found, and so is a user above the limit', () => {
  expect(broken({ ...exact, rows: [rowA] })).toContain('told-once');
  const above = [rowA, { ...rowB, userId: 'ann' }];
  expect(broken({ ...exact, rows: above })).toContain('limit-per-user');
});
