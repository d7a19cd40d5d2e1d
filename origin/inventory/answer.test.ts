import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseAnswer, type ScriptAnswer } from './answer.ts';

const FACTS = 'ann 2 5000 1700000000000 1700000900000 3 17';
const order = {
  ...{ userId: 'ann', quantity: 2, amount: 5_000, createdAt: 1_700_000_000_000 },
  ...{ payBy: 1_700_000_900_000, epoch: 3, seq: 17 },
};

it.each<[string, ScriptAnswer]>([
  [`released 18 ${FACTS}`, { kind: 'released', epoch: 4, seq: 18, order }],
  [`voided 18 ${FACTS}`, { kind: 'voided', epoch: 4, seq: 18, order }],
  [`settled 18 ${FACTS}`, { kind: 'settled', epoch: 4, seq: 18, order }],
  [`recovered 18 ${FACTS}`, { kind: 'recovered', epoch: 4, seq: 18, order }],
  [`lost 18 late ${FACTS}`, { kind: 'lost', epoch: 4, seq: 18, why: 'late', order }],
  [`refused sold_out ${FACTS}`, { kind: 'refused', why: 'sold-out', order }],
  [`refused limit_reached ${FACTS}`, { kind: 'refused', why: 'limit-reached', order }],
  [`known PAID ${FACTS}`, { kind: 'known', status: 'PAID', order }],
  ['unknown', { kind: 'unknown' }],
  ['adjusted 4 90', { kind: 'adjusted', seq: 4, total: 90 }],
  ['below_sold 7', { kind: 'below-sold', sold: 7 }],
  ['not_loaded', { kind: 'not-loaded' }],
  ['not_loaded missing', { kind: 'fenced', why: 'missing' }],
  ['fenced closed', { kind: 'fenced', why: 'closed' }],
  ['fenced stale', { kind: 'fenced', why: 'stale' }],
  ['fenced behind', { kind: 'fenced', why: 'behind' }],
  ['fenced fork', { kind: 'fenced', why: 'fork' }],
])('reads "%s"', (text, answer) => {
  expect(parseAnswer(text, 4)).toEqual(answer);
});

it.each([
  ...['', 'released', 'released 18', `released x ${FACTS}`, `released ${FACTS}`, 'sold'],
  ...[`known LOST ${FACTS}`, `refused why ${FACTS}`, `lost 18 ${FACTS}`, `lost x late ${FACTS}`],
  ...['unknown order', 'adjusted 4', 'adjusted 4 x', 'adjusted 1 2 3', 'below_sold', 'fenced'],
  ...['fenced missing', 'fenced closed now', 'not_loaded yet'],
])('throws on "%s": no script says so', (text) => {
  expect(() => parseAnswer(text, 4)).toThrow(/^a script answered "/);
});

it('answers or throws an Error that says what it was, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parseAnswer(text, 1).kind).toMatch(/^[a-z-]+$/);
      } catch (error) {
        expect(String(error)).toContain('a script answered');
      }
    }),
  );
});
