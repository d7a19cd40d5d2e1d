import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type Asked, parseReserveAnswer, parseReserveReply, type ReserveAnswer } from './answer.ts';

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

const head = { price: 2_500, createdAt: order.createdAt, payBy: order.payBy, epoch: 3, first: 16 };
const asked = { userId: order.userId, quantity: 2, head };

it('reads the sequence, what new orders share, and the number of each', () => {
  const first = '17 2500 1700000000000 1700000900000 3 16';
  const texts = ['reserved', `known PENDING ${FACTS}`, 'reserved', 'sold_out'];
  const { sequence, head: shared, answers } = parseReserveReply([first, ...texts]);
  expect(sequence).toBe(17);
  expect(shared).toEqual(head);
  expect(answers).toEqual([
    { text: texts[0], seq: 16 },
    { text: texts[1], seq: 17 },
    { text: texts[2], seq: 17 },
    { text: texts[3], seq: 18 },
  ]);
});

it('takes nothing else for a reply', () => {
  expect(parseReserveReply(['17'])).toEqual({ sequence: 17, head: undefined, answers: [] });
  expect(() => parseReserveReply(['x 2500'])).toThrow('reserve answered "x 2500"');
  expect(() => parseReserveReply('OK')).toThrow('reserve answered no list');
});

const parse = (text: string, of: Asked = asked) => parseReserveAnswer({ text, seq: 17 }, of);

it('knows no new order without what it shares with others', () => {
  const alone = { ...asked, head: undefined };
  expect(() => parse('reserved', alone)).toThrow('reserve answered "reserved"');
});

it.each<[string, ReserveAnswer]>([
  ['reserved', { kind: 'reserved', order }],
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
  expect(parse(text)).toEqual(answer);
});

it.each([
  '',
  'sold',
  'RESERVED',
  'fenced',
  'fenced open',
  'reserved 17',
  `reserved ${FACTS}`,
  'known',
  `known LOST ${FACTS}`,
  'known PENDING ',
  `known PENDING ${FACTS} more`,
])('throws on "%s": the script says no such thing', (text) => {
  expect(() => parse(text)).toThrow(/^reserve answered "/);
});

it('answers or throws an Error that names what it was, whatever the text', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      try {
        expect(parse(text).kind).toMatch(/^[a-z-]+$/);
      } catch (error) {
        expect(String(error)).toContain('reserve answered');
      }
    }),
  );
});
