import { expect, it } from 'vitest';
import { hasEntered } from './place.ts';
import { parseVerdict } from './verdict.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const pace = { ratePerSecond: 1000, speed: 1.5 };
const place = { ulid, turn: 10, until: 20, virtualMs: 5, ...pace, follows: '' };

it.each(['enter', 'wait', 'ready', 'confirming', 'paused'])('reads %s with its place', (kind) => {
  const parts = [kind, ulid, 10, 20, 5, 1000, 1500];
  expect(parseVerdict([...parts, ''])).toEqual({ kind, place });
  const following = { kind, place: { ...place, follows: ulid } };
  expect(parseVerdict([...parts, ulid])).toEqual(following);
  expect(parseVerdict([...parts, 'x'])).toBeUndefined();
});

it.each([
  ['no_line', 'no-line'],
  ['not_open', 'not-open'],
  ['ended', 'ended'],
  ['line_full', 'line-full'],
])('reads %s', (word, kind) => {
  expect(parseVerdict([word])).toEqual({ kind });
});

it.each([[null], [[]], ['enter'], [['enter']], [['enter', 'x', 1, 2, 3, 4, 5, 6]], [['other']]])(
  'takes %j for no answer',
  (answer) => {
    expect(parseVerdict(answer)).toBeUndefined();
  },
);

it('sees whether a stored place has entered', () => {
  expect(hasEntered(`${ulid} 0 30000 1795418622307`)).toBe(true);
  expect(hasEntered(`${ulid} 0 30000 0`)).toBe(false);
  expect(hasEntered(null)).toBe(false);
  expect(hasEntered('nonsense')).toBe(false);
});
