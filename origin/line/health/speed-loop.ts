// The one loop that sets how fast the line moves, from how hard the origins work.
import { PRESSURE_REASONS, type Pressure, type PressureReason } from './pressure.ts';

export const SLOWEST = 0.1;
export const FASTEST = 1;

export const SPEED_REASONS = ['free', 'pinned', 'paused', ...PRESSURE_REASONS] as const;
export type SpeedReason = (typeof SPEED_REASONS)[number];

export interface SpeedLoop {
  readonly speed: number;
  /** Pressure as it was last, and smoothed over the last seconds. */
  readonly last: number;
  readonly smoothed: number;
  /** The speed that was too much when it was last cut: nearly up to it the way is known to be free. */
  readonly ceiling: number;
  /** Seconds in which nothing is cut again: who was called before the cut still arrives. */
  readonly restSeconds: number;
  /** Seconds without a cut. */
  readonly quietSeconds: number;
  readonly reason: 'free' | PressureReason;
}

export const FULL_SPEED: SpeedLoop = {
  ...{ speed: FASTEST, last: 0, smoothed: 0, ceiling: FASTEST, restSeconds: 0, quietSeconds: 0 },
  reason: 'free',
};

const CUT = 0.75;
/** Where purchases wait for more than a second and a half: who was called comes for seconds yet. */
const HARD_CUT = 0.55;
const HARD = 3;
const REST_SECONDS = 4;
const SMOOTHING_SECONDS = 1.5;
/** Above it the speed is cut, below LOW raised; between them it stays. */
const HIGH = 1;
const LOW = 0.7;
/** Pressure that falls by more in a second is left to fall: what waits is being worked off. */
const FALLING = 0.97;
/** Back at once up to this share of the ceiling, then slowly and ever less so. */
const KNOWN_SHARE = 0.85;
const BACK_PER_SECOND = 0.05;
const BEYOND_PER_SECOND = 0.0015;
const BOLDER_SECONDS = 40;

/** One step of about `elapsedSeconds`; pure, so that the simulation runs the same. */
export function stepSpeed(loop: SpeedLoop, pressure: Pressure, elapsedSeconds: number): SpeedLoop {
  const { speed, ceiling } = loop;
  const weight = 1 - Math.exp(-elapsedSeconds / SMOOTHING_SECONDS);
  const next: SpeedLoop = {
    ...loop,
    last: pressure.value,
    smoothed: loop.smoothed + weight * (pressure.value - loop.smoothed),
    restSeconds: Math.max(0, loop.restSeconds - elapsedSeconds),
    quietSeconds: loop.quietSeconds + elapsedSeconds,
  };
  if (pressure.value > HIGH && next.smoothed > HIGH) {
    const reason = pressure.reason ?? loop.reason;
    if (next.restSeconds > 0 || pressure.value < FALLING * loop.last) return { ...next, reason };
    const cut = Math.max(SLOWEST, speed * (pressure.value > HARD ? HARD_CUT : CUT));
    return {
      ...next,
      ...{ speed: cut, ceiling: speed, restSeconds: REST_SECONDS, quietSeconds: 0, reason },
    };
  }
  if (next.smoothed > LOW) return next;
  const isKnown = speed < KNOWN_SHARE * ceiling;
  const bold = (1 + next.quietSeconds / BOLDER_SECONDS) ** 2;
  const perSecond = isKnown ? BACK_PER_SECOND : BEYOND_PER_SECOND * bold;
  const raised = Math.min(FASTEST, speed + perSecond * elapsedSeconds);
  const reason = raised >= FASTEST ? 'free' : loop.reason;
  return { ...next, speed: raised, ceiling: Math.max(ceiling, raised), reason };
}
