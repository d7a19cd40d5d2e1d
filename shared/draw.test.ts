import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ClosedDraw,
  drawKey,
  firstChain,
  nextChain,
  placeOfEntry,
  turnOfPlace,
} from './draw.ts';
import vectors from './draw.vectors.json' with { type: 'json' };

const sha1 = (text: string): string => createHash('sha1').update(text).digest('hex');

async function placesOf(key: string, entries: number): Promise<number[]> {
  const indices = Array.from({ length: entries }, (_, index) => index);
  return Promise.all(indices.map((index) => placeOfEntry(sha1, { key, entries, index })));
}

describe('the places of a draw', () => {
  it('are each given once', async () => {
    const draws = fc.tuple(fc.string(), fc.integer({ min: 1, max: 300 }));
    await fc.assert(
      fc.asyncProperty(draws, async ([key, entries]) => {
        const places = await placesOf(key, entries);
        expect(places.toSorted((a, b) => a - b)).toEqual([...places.keys()]);
      }),
    );
  });

  it('hang on seed, chain, count and beacon', async () => {
    const draw: ClosedDraw = { seed: 'aa', chain: 'bb', entries: 40, beacon: 'cc' };
    const others = [{ seed: 'ab' }, { chain: 'ba' }, { entries: 41 }, { beacon: undefined }];
    const key = await drawKey(sha1, draw);
    for (const other of others) expect(await drawKey(sha1, { ...draw, ...other })).not.toBe(key);
  });

  it.each(vectors)('are those of the test vector of $activityId', async (vector) => {
    const { activityId, seed, beacon, leaves, key, places } = vector;
    let chain = await firstChain(sha1, activityId);
    for (const leaf of leaves) chain = await nextChain(sha1, chain, leaf);
    expect(chain).toBe(vector.chain);
    const entries = leaves.length;
    expect(await drawKey(sha1, { seed, chain, entries, beacon: beacon ?? undefined })).toBe(key);
    expect(await placesOf(key, entries)).toEqual(places);
  });

  it('are called at once up to the capacity, then at the rate', () => {
    const pace = { ratePerSecond: 3, capacity: 2 };
    expect([0, 1, 2, 3, 4].map((place) => turnOfPlace(place, pace))).toEqual([
      0, 0, 334, 667, 1000,
    ]);
  });
});

/** Chi-square of counts that should be equal, less its mean, in standard deviations. */
function deviation(counts: readonly number[]): number {
  const expected = counts.reduce((sum, count) => sum + count, 0) / counts.length;
  const chiSquare = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0);
  const freedom = counts.length - 1;
  return (chiSquare - freedom) / Math.sqrt(2 * freedom);
}

describe('the places of many draws, seeded', () => {
  it.each([2, 3, 4, 5, 6])('every order of %i entries is equally likely', async (entries) => {
    const orders = new Map<string, number>();
    const factorial = [1, 1, 2, 6, 24, 120, 720][entries] ?? 0;
    for (let draw = 0; draw < 20 * factorial; draw += 1) {
      const order = (await placesOf(sha1(`order ${entries} ${draw}`), entries)).join(' ');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(factorial);
    expect(Math.abs(deviation([...orders.values()]))).toBeLessThan(4);
  });

  it.each([7, 50, 101])('of %i entries are uniform and independent of arrival', async (entries) => {
    const draws = 400;
    const table = Array.from({ length: entries }, () => new Array<number>(entries).fill(0));
    let sum = 0;
    for (let draw = 0; draw < draws; draw += 1) {
      const places = await placesOf(sha1(`table ${entries} ${draw}`), entries);
      for (const [index, place] of places.entries()) {
        const row = table[index];
        if (row !== undefined) row[place] = (row[place] ?? 0) + 1;
        sum += (index - (entries - 1) / 2) * (place - (entries - 1) / 2);
      }
    }
    expect(Math.abs(deviation(table.flat()))).toBeLessThan(4);
    // Of one draw the correlation of arrival and place has mean 0 and variance 1/(entries - 1).
    const correlation = sum / draws / ((entries ** 2 - 1) / 12) / entries;
    expect(Math.abs(correlation) * Math.sqrt(draws * (entries - 1))).toBeLessThan(4);
  });

  it('two neighbours at the door are no neighbours in line', async () => {
    const entries = 64;
    const gaps = new Array<number>(entries).fill(0);
    for (let draw = 0; draw < 600; draw += 1) {
      const places = await placesOf(sha1(`gap ${draw}`), entries);
      for (let index = 1; index < entries; index += 1) {
        const gap = ((places[index] ?? 0) - (places[index - 1] ?? 0) + entries) % entries;
        gaps[gap] = (gaps[gap] ?? 0) + 1;
      }
    }
    expect(gaps[0]).toBe(0);
    expect(Math.abs(deviation(gaps.slice(1)))).toBeLessThan(4);
  });
});
