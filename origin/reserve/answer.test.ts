import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseReserveAnswer, type ReserveAnswer } from './answer.ts';

const FACTS = 'a|b:c@d.e-f_g 2 5000 1700000000000 1700000900000 3 17';
const order = {
  userId: 'a|b:c@d.e-f_g',
  quantity: 2,
  amount: 5_000,
  createdAt: 1_700_000_000_000,
  payBy: 1_700_000_900_000,
  epoch: 3,
  seq: 17,
};

it.each<[string, ReserveAnswer]>([
  [`reserved ${FACTS}`, { kind: 'reserved', order }],
  [`known PENDING ${FACTS}`, { kind: 'known', status: 'PENDING', order }],
  [`known PAID ${FACTS}`, { kind: 'known', status: 'PAID', order }],
  [`known CANCELLED ${FACTS}`, { kind: 'known', status: 'CANCELLED', order }],
  ['limit_reached', { kind: 'limit-reached' }],
  ['lapsed', { kind: 'lapsed' }],
  ['sold_out', { kind: 'sold-out', unitsMayReturn: false }],
  ['sold_out held', { kind: 'sold-out', unitsMayReturn: true }],
  ['not_loaded', { kind: 'not-loaded', missing: false }],
  ['not_loaded missing', { kind: 'not-loaded', missing: true }],
  ['busy', { kind: 'busy' }],
  ['paused', { kind: 'paused' }],
  ['not_open', { kind: 'not-open' }],
  ['ended', { kind: 'ended' }],
  ['fenced closed', { kind: 'fenced', why: 'closed' }],
  ['fenced stale', { kind: 'fenced', why: 'stale' }],
  ['fenced behind', { kind: 'fenced', why: 'behind' }],
])('reads "%s"', (text, answer) => {
  expect(parseReserveAnswer(text)).toEqual(answer);
});

it.each([
  '',
  'sold',
  'RESERVED',
  'fenced',
  'fenced open',
  'reserved',
  'reserved ann 1',
  'known',
  `known LOST ${FACTS}`,
  'known PENDING ',
  `known PENDING ${FACTS} more`,
])('throws on "%s": the script says no such thing', (text) => {
  expect(() => parseReserveAnswer(text)).toThrow(/^reserve answered "/);
});

it('answers or throws an Error that names what it was, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseReserveAnswer(text).kind).toMatch(/^[a-z-]+$/);
      } catch (error) {
        expect(String(error)).toContain('reserve answered');
      }
    }),
  );
});
