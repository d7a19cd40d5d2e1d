// What hands do on a page before they buy.
import type { InputSummary } from '../../shared/device.ts';
import type { Random } from './random.ts';

/** Two people never move alike: every number is drawn. */
export function drawInput(
  random: Random,
  { hasMouse, dwellMs }: { readonly hasMouse: boolean; readonly dwellMs: number },
): InputSummary {
  const between = (low: number, high: number) => low + (high - low) * random.next();
  const whole = (low: number, high: number) => Math.round(between(low, high));
  const short = (low: number, high: number) => Math.round(between(low, high) * 1000) / 1000;
  const pointer = {
    moves: whole(40, 175),
    ms: whole(2_000, 3_000),
    path_px: whole(200, 2_400),
    straight: short(0.1, 0.95),
    dt_med: 17,
    dt_cv: short(0.6, 2.6),
    v_mean: short(0.15, 0.9),
    v_cv: short(0.7, 1.8),
    collinear: short(0.25, 0.75),
    turn: short(0.05, 0.35),
    pauses: whole(0, 5),
    int_share: 1,
  };
  return {
    pointer: hasMouse ? pointer : null,
    clicks: hasMouse ? whole(1, 8) : 0,
    keys: hasMouse ? whole(0, 25) : 0,
    touches: hasMouse ? 0 : whole(3, 22),
    touch_dt_cv: hasMouse ? null : short(0.5, 1.6),
    scrolls: whole(1, 18),
    trusted: true,
    dwell_ms: Math.round(dwellMs),
    first_input_ms: Math.round(dwellMs * between(0.1, 0.9)),
  };
}
