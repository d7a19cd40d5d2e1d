import { expect, it } from 'vitest';
import { placeText, type StoredPlace, waitingPlaceText } from '../../lua/place-text.ts';
import { hasEntered } from './place.ts';
import { parseVerdict } from './verdict.ts';

const ulid = '01ARZ3NDEKTSV4RRFFQ69G5FAV';
const pace = { ratePerSecond: 1000, speed: 1.5 };
const place = { ulid, turn: 10, until: 20, virtualMs: 5, ...pace, follows: '', entry: null };

it.each(['enter', 'wait', 'ready', 'confirming', 'paused'])('reads %s with its place', (kind) => {
  const parts = [kind, ulid, 10, 20, 5, 1000, 1500];
  expect(parseVerdict([...parts, '', -1])).toEqual({ kind, place });
  const following = { kind, place: { ...place, follows: ulid } };
  expect(parseVerdict([...parts, ulid, -1])).toEqual(following);
  expect(parseVerdict([...parts, 'x', -1])).toBeUndefined();
});

it('reads which entry of the draw a place is', () => {
  const answer = ['entered_draw', ulid, 0, 0, 0, 1000, 1000, '', 7];
  const { speed: _speed, ...entered } = { ...place, turn: 0, until: 0, virtualMs: 0, entry: 7 };
  expect(parseVerdict(answer)).toEqual({ kind: 'entered-draw', place: { ...entered, speed: 1 } });
});

it.each([
  ['no_line', 'no-line'],
  ['not_open', 'not-open'],
  ['ended', 'ended'],
  ['line_full', 'line-full'],
  ['closed', 'closed'],
])('reads %s', (word, kind) => {
  expect(parseVerdict([word])).toEqual({ kind });
});

it.each([[null], [[]], ['enter'], [['enter']], [['enter', 'x', 1, 2, 3, 4, 5, 6, 7]], [['other']]])(
  'takes %j for no answer',
  (answer) => {
    expect(parseVerdict(answer)).toBeUndefined();
  },
);

it('sees whether a stored place has entered', () => {
  const stored = { ulid, turn: 7, until: 30_000, enteredAt: 0 };
  const enteredAt = 1_795_418_622_307;
  const entered = (changes: Partial<StoredPlace>, of = 'an-activity') =>
    hasEntered(placeText('an-activity', { ...stored, ...changes }), of);
  expect(entered({ enteredAt })).toBe(true);
  expect(entered({ follows: ulid })).toBe(true);
  expect(entered({})).toBe(false);
  expect(entered({ enteredAt }, 'another')).toBe(false);
  expect(hasEntered(waitingPlaceText('a', stored), 'a')).toBe(false);
  expect(hasEntered(waitingPlaceText('a', { ...stored, follows: ulid }), 'a')).toBe(true);
  expect(hasEntered(`${ulid}..a#1f`, 'a')).toBe(false);
  expect(hasEntered(`${ulid}=AN`, 'AN')).toBe(true);
  expect(hasEntered(`${ulid}=AN>${ulid}`, 'AN')).toBe(true);
  expect(hasEntered(`${ulid}=AN`, 'BN')).toBe(false);
  expect(hasEntered(null, 'a')).toBe(false);
  expect(hasEntered('nonsense', 'a')).toBe(false);
});
