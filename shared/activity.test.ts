import { describe, expect, it } from 'vitest';
import { parseActivityTerms } from './activity.ts';

const CONTEXT = { createdAt: Date.parse('2026-11-11T11:00:00Z') };

const least = {
  skuId: 'sku_1',
  stock: 1_000,
  price: 1_999,
  startAt: '2026-11-11T12:00:00Z',
  endAt: '2026-11-11T13:00:00Z',
};

function pointersOf(body: unknown): string[] {
  const result = parseActivityTerms(body, CONTEXT);
  return result.kind === 'invalid' ? result.errors.map(({ pointer }) => pointer).sort() : [];
}

describe('the terms of an activity', () => {
  it('have the defaults of the contract', () => {
    expect(parseActivityTerms(least, CONTEXT)).toEqual({
      kind: 'terms',
      terms: {
        skuId: 'sku_1',
        title: 'sku_1',
        stock: 1_000,
        price: 1_999,
        currency: 'USD',
        limitPerUser: 1,
        ratePerSecond: 1_000,
        capacity: 1_000,
        queueLimit: 1_000_000,
        startAt: Date.parse('2026-11-11T12:00:00Z'),
        endAt: Date.parse('2026-11-11T13:00:00Z'),
        entryOpensAt: Date.parse('2026-11-11T11:50:00Z'),
        draw: true,
        beacon: null,
        ticketWindowSeconds: 30,
        paymentWindowSeconds: 900,
        challengeAt: 40,
        denyAt: 80,
      },
    });
  });

  it('take the smaller of rate and stock as capacity', () => {
    const result = parseActivityTerms({ ...least, stock: 20 }, CONTEXT);
    expect(result).toMatchObject({ kind: 'terms', terms: { capacity: 20 } });
  });

  it('name all faults at once', () => {
    expect(
      pointersOf({ ...least, stock: 0, price: -1, currency: 'usd', skuId: 'a b', colour: 'red' }),
    ).toEqual(['/colour', '/currency', '/price', '/skuId', '/stock']);
    expect(pointersOf({})).toEqual(['/endAt', '/price', '/skuId', '/startAt', '/stock']);
  });

  it.each([
    ['stock', 10_000_001],
    ['stock', 1.5],
    ['stock', '10'],
    ['stock', null],
    ['price', Number.NaN],
    ['limitPerUser', 101],
    ['ratePerSecond', 0],
    ['ratePerSecond', 100_001],
    ['capacity', 1_001],
    ['queueLimit', -1],
    ['draw', true],
    ['draw', []],
    ['ticketWindowSeconds', 4],
    ['paymentWindowSeconds', 86_401],
    ['challengeAt', 101],
    ['challengeAt', 81],
    ['startAt', '2026-11-11'],
    ['startAt', '2026-02-30T12:00:00Z'],
    ['startAt', '2026-11-11T12:00:60Z'],
    ['startAt', '2026-13-11T12:00:00Z'],
    ['startAt', 1_762_862_400_000],
    ['endAt', '2026-11-11T12:00:00Z'],
    ['entryOpensAt', '2026-11-11T12:00:01Z'],
    ['startAt', '0000-01-01T00:00:00Z'],
    ['startAt', '1969-12-31T23:59:59Z'],
    ['endAt', '9999-12-31T23:59:59-00:01'],
    ['title', ''],
    ['title', 'a\u0000'],
    ['title', 'two\nlines'],
    ['title', 'half \ud83c'],
    ['currency', 'EURO'],
    ['skuId', 'x'.repeat(33)],
  ])('refuse %s %s', (member, value) => {
    expect(pointersOf({ ...least, [member]: value })).toEqual([`/${member}`]);
  });

  it.each([
    ['title', 'Lämpchen 🏮 灯'],
    ['startAt', '1970-01-01T00:00:00Z'],
    ['endAt', '9999-12-31T23:59:59Z'],
  ])('take %s %s', (member, value) => {
    expect(pointersOf({ ...least, [member]: value })).toEqual([]);
  });

  it.each([
    [{ draw: {} }, { draw: true, beacon: null }],
    [{ draw: { beacon: 'pulse 1' } }, { draw: true, beacon: 'pulse 1' }],
    [{ draw: false }, { draw: false, beacon: null }],
    [{ entryOpensAt: least.startAt }, { draw: false, beacon: null }],
    [{ startAt: '2026-11-11T10:59:00Z' }, { draw: false, beacon: null }],
  ])('have a draw or none by %j', (members, expected) => {
    const result = parseActivityTerms({ ...least, ...members }, CONTEXT);
    expect(result).toMatchObject({ kind: 'terms', terms: expected });
  });

  it('leave a fixed capacity alone, whatever becomes of the stock', () => {
    const result = parseActivityTerms({ ...least, stock: 3 }, { ...CONTEXT, fixedCapacity: 50 });
    expect(result).toMatchObject({ kind: 'terms', terms: { stock: 3, capacity: 50 } });
  });

  it('refuse a capacity that the rate outruns', () => {
    expect(pointersOf({ ...least, ratePerSecond: 5_000, capacity: 4 })).toEqual(['/capacity']);
    expect(pointersOf({ ...least, ratePerSecond: 5_000, capacity: 5 })).toEqual([]);
  });
});
