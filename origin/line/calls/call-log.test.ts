import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addCall,
  callOf,
  dropOldCalls,
  newCallLog,
  parseCallLog,
  writeCallLog,
} from './call-log.ts';

const steps = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 1, max: 3_000 }),
    turns: fc.integer({ min: 1, max: 4_000 }),
    called: fc.integer({ min: 1, max: 900 }),
  }),
  { minLength: 1, maxLength: 60 },
);

function logOf(calls: typeof steps extends fc.Arbitrary<infer Value> ? Value : never) {
  const log = newCallLog(1_000, 0);
  let [at, upTo] = [1_000, 0];
  for (const { afterMs, turns, called } of calls) {
    at += afterMs;
    upTo += turns;
    addCall(log, { calledAt: at, upTo, called }, 750);
  }
  return { log, at, upTo };
}

describe('the call log', () => {
  it('comes back from its text, whatever stands in it', () => {
    fc.assert(
      fc.property(steps, (calls) => {
        const { log } = logOf(calls);
        expect(parseCallLog(writeCallLog(log))).toEqual(log);
        expect(log.total).toBe(calls.reduce((sum, { called }) => sum + called, 0));
      }),
    );
  });

  it.each([undefined, '', '2 1 1 1 1 1 1', '1 1 1', '1 1 1 1 1 1 1 5', '1 a 1 1 1 1 1'])(
    'is none in %j',
    (text) => expect(parseCallLog(text)).toBeUndefined(),
  );

  it('finds whose turn it was, and nobody for turns that are older or newer', () => {
    fc.assert(
      fc.property(steps, fc.nat(100), fc.nat(30_000), (calls, turn, keptMs) => {
        const { log, at, upTo } = logOf(calls);
        dropOldCalls(log, at, keptMs);
        const asked = (turn / 100) * upTo * 1.1;
        const plain = asked <= log.from ? undefined : log.calls.find((call) => asked <= call.upTo);
        expect(callOf(log, asked)).toBe(plain);
        for (const call of log.calls) expect(at - call.calledAt).toBeLessThan(keptMs);
      }),
    );
  });

  it('never holds more than 240 calls, and loses none of the people', () => {
    const log = newCallLog(0, 0);
    for (let second = 1; second <= 1_000; second += 1) {
      addCall(log, { calledAt: second * 1_000, upTo: second, called: 1 }, 750);
    }
    expect(log.calls).toHaveLength(240);
    expect(log.calls.reduce((sum, { called }) => sum + called, 0)).toBe(1_000);
  });
});
