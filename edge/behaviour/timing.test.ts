import { expect, it } from 'vitest';
import { timing } from './timing.ts';

const calm = { reactionMs: 900, pageAgeMs: 20_000, probesBeforeStart: 0 };
const rulesOf = (times: Partial<typeof calm>) =>
  timing({ ...calm, ...times }).map(({ rule }) => rule);

it('finds nothing about a person who waited for the start', () => {
  expect(rulesOf({})).toEqual([]);
});

it.each([
  [40, ['before-reaction']],
  [130, ['at-reaction']],
  [300, ['quick-reaction']],
  [500, []],
])('a first purchase %i ms after opening', (reactionMs, rules) => {
  expect(rulesOf({ reactionMs })).toEqual(rules);
});

it.each([
  [0, ['page-just-served']],
  [1_000, ['page-hardly-read']],
  [1_500, []],
])('a page %i ms old', (pageAgeMs, rules) => {
  expect(rulesOf({ pageAgeMs })).toEqual(rules);
});

it('forgives an impatient press before the start, and counts many', () => {
  expect(rulesOf({ probesBeforeStart: 1 })).toEqual([]);
  expect(rulesOf({ probesBeforeStart: 3 })).toEqual(['probes-before-start']);
  expect(rulesOf({ probesBeforeStart: 9 })).toEqual(['many-probes-before-start']);
});
