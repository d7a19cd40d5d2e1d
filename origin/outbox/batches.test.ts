import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cutBatches, type LaneEntries } from './batches.ts';

const line = (seq: number) => `reserved 01ARZ3NDEKTSV4RRFFQ69G5FAV - ann 1 199 5 905 1 ${seq}`;
type Entry = readonly [id: string, fields: readonly string[]];

/** Entries of the given sizes, numbered without a gap. */
function entriesOf(sizes: readonly number[]): Entry[] {
  let seq = 0;
  return sizes.map((size) => {
    const lines = Array.from({ length: size }, (_, index) => line(seq + index + 1));
    seq += size;
    return [`1-${seq}`, ['activity', 'noon', 'at', '5', 'events', lines.join('\n')]];
  });
}
const laneOf = (skuId: string, entries: readonly Entry[]): LaneEntries => ({
  lane: { skuId, activityId: 'noon', currency: 'USD' },
  entries,
});

test('batches are whole entries in order, none above the limit unless one entry is', () => {
  const sizes = fc.array(fc.integer({ min: 1, max: 12 }), { maxLength: 30 });
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 4 }), (lanes) => {
      const waiting = lanes.map((lane, index) => laneOf(`sku${index}`, entriesOf(lane)));
      const { batches, malformed } = cutBatches(waiting, 10);
      expect(malformed).toEqual([]);
      for (const batch of batches) {
        const events = batch.reduce((sum, entry) => sum + entry.events.length, 0);
        expect(events <= 10 || batch.length === 1).toBe(true);
      }
      const cut = batches.flat().map(({ lane, id }) => [lane.skuId, id]);
      const whole = waiting.flatMap(({ lane, entries }) => entries.map(([id]) => [lane.skuId, id]));
      expect(cut).toEqual(whole);
    }),
  );
});

test('a lane ends before an entry that cannot be read, the others go on', () => {
  const [first, second, third] = entriesOf([1, 1, 1]);
  if (first === undefined || second === undefined || third === undefined) throw new Error('three');
  const broken: Entry = [second[0], ['activity', 'noon', 'at', '5']];
  const { batches, malformed } = cutBatches(
    [laneOf('tea', [first, broken, third]), laneOf('cup', [first])],
    10,
  );
  expect(batches.flat().map(({ lane, id }) => [lane.skuId, id])).toEqual([
    ['tea', '1-1'],
    ['cup', '1-1'],
  ]);
  expect(malformed).toMatchObject([{ lane: { skuId: 'tea' }, id: '1-2' }]);
});
