import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLoad } from './load-report.ts';
import { pressureOf } from './pressure.ts';
import { FASTEST, FULL_SPEED, SLOWEST, type SpeedLoop, stepSpeed } from './speed-loop.ts';

const load = { at: 1_800_000_000_000, eventLoopMs: 0, reserveMs: 0, backlog: 0, refused: 0 };
const loopAfter = (pressures: readonly number[], from: SpeedLoop = FULL_SPEED): SpeedLoop =>
  pressures.reduce((loop, value) => stepSpeed(loop, { value, reason: 'reserve' }, 1), from);
const seconds = (count: number, value: number) => Array.from({ length: count }, () => value);

describe('the speed of the line', () => {
  it('stays in its bounds, whatever presses', () => {
    const any = fc.array(fc.double({ min: 0, max: 100, noNaN: true }), { maxLength: 200 });
    fc.assert(
      fc.property(any, (pressures) => {
        const { speed, ceiling } = loopAfter(pressures);
        expect(speed).toBeGreaterThanOrEqual(SLOWEST);
        expect(speed).toBeLessThanOrEqual(FASTEST);
        expect(ceiling).toBeGreaterThanOrEqual(speed);
      }),
    );
  });

  it('is full and free without pressure, and not touched by one bad second', () => {
    expect(loopAfter(seconds(60, 0.5))).toMatchObject({ speed: 1, reason: 'free' });
    expect(loopAfter([...seconds(10, 0), 1.5, ...seconds(5, 0)]).speed).toBe(1);
  });

  it('is cut while pressure lasts, with what pressed as its reason, and comes back', () => {
    const pressed = loopAfter(seconds(20, 3));
    expect(pressed.speed).toBeLessThan(0.4);
    expect(pressed.reason).toBe('reserve');
    expect(loopAfter(seconds(120, 0), pressed)).toMatchObject({ speed: 1, reason: 'free' });
  });

  it('is not cut again while what waits is worked off', () => {
    const pressed = loopAfter(seconds(3, 20));
    const falling = Array.from({ length: 20 }, (_, second) => 20 * 0.9 ** second);
    expect(loopAfter(falling, pressed).speed).toBe(pressed.speed);
  });
});

describe('pressure', () => {
  it('is that of the hardest pressed origin, with its reason', () => {
    const loads = [{ ...load, eventLoopMs: 125 }, { ...load, backlog: 100_000 }, load];
    expect(pressureOf(loads)).toEqual({ value: 2, reason: 'backlog' });
    expect(pressureOf([load])).toEqual({ value: 0, reason: undefined });
    expect(pressureOf([])).toEqual({ value: 0, reason: undefined });
  });

  it('is read from reports of the right form alone', () => {
    expect(parseLoad(JSON.stringify(load))).toEqual(load);
    for (const text of ['', '{}', '[]', 'null', JSON.stringify({ ...load, reserveMs: -1 })]) {
      expect(parseLoad(text)).toBeUndefined();
    }
  });
});
