// Input that no hand made.
import type { InputSummary } from '../../../shared/device.ts';
import type { Random } from '../../crowd/random.ts';
import { around } from './session.ts';

export function untouched(random: Random): InputSummary {
  return {
    ...{ pointer: null, clicks: random.below(2), keys: 0, touches: 0, scrolls: 0, trusted: true },
    ...{ dwell_ms: Math.round(around(random, 9_000, 0.6)), first_input_ms: null },
  };
}

/** A curve between two places at a steady pace, as libraries draw them. */
export function steadyPointer(random: Random): InputSummary {
  const moves = 20 + random.below(70);
  const tempo = 8 + random.below(30);
  const short = (low: number, high: number) =>
    Math.round(1_000 * (low + (high - low) * random.next())) / 1_000;
  const pointer = {
    ...{ moves, ms: moves * tempo, path_px: 200 + random.below(900), straight: short(0.8, 1) },
    ...{ dt_med: tempo, dt_cv: short(0.05, 0.6), v_mean: short(0.15, 0.4), v_cv: short(0.01, 0.3) },
    ...{ collinear: short(0, 0.1), turn: short(0.01, 0.1), pauses: 0, int_share: random.below(2) },
  };
  return {
    ...{ pointer, clicks: 1 + random.below(2), keys: 0, touches: 0, scrolls: random.below(3) },
    ...{ trusted: true, dwell_ms: Math.round(around(random, 20_000, 0.7)) },
    first_input_ms: 200 + random.below(800),
  };
}
