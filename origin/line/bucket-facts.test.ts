import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Bucket, fullBucket, takeTurn } from '../../shared/bucket.ts';
import { frontierOf, waitingAt } from './bucket-facts.ts';

const paceOf = fc
  .record({ ratePerSecond: fc.integer({ min: 1, max: 100_000 }), extra: fc.nat({ max: 5 }) })
  .map(({ ratePerSecond, extra }) => {
    return { ratePerSecond, capacity: Math.max(1, Math.ceil(ratePerSecond / 1000)) + extra };
  });
const gaps = fc.array(fc.nat({ max: 3_000 }), { minLength: 1, maxLength: 40 });

describe('what the bucket tells', () => {
  it('the frontier is the highest turn given out', () => {
    fc.assert(
      fc.property(paceOf, gaps, (pace, arrivals) => {
        let bucket: Bucket = fullBucket(pace);
        let virtualMs = 0;
        let highest = 0;
        for (const gapMs of arrivals) {
          virtualMs += gapMs;
          const taken = takeTurn(bucket, pace, virtualMs);
          bucket = taken.bucket;
          highest = Math.max(highest, taken.turn);
          expect(frontierOf(bucket, pace)).toBe(highest);
        }
      }),
    );
  });

  it('those who wait are those whose turn has not come', () => {
    fc.assert(
      fc.property(paceOf, gaps, fc.nat({ max: 20_000 }), (pace, arrivals, laterMs) => {
        let bucket: Bucket = fullBucket(pace);
        let virtualMs = 0;
        const turns: number[] = [];
        for (const gapMs of arrivals) {
          virtualMs += gapMs;
          const taken = takeTurn(bucket, pace, virtualMs);
          bucket = taken.bucket;
          turns.push(taken.turn);
        }
        const nowMs = virtualMs + laterMs;
        const waiting = turns.filter((turn) => turn > nowMs).length;
        expect(waitingAt(bucket, pace, nowMs)).toBe(waiting);
      }),
    );
  });
});
