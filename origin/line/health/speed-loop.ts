// The one loop that sets how fast the line moves, from how hard the origins work.
import type { Pressure, PressureReason } from './pressure.ts';

export const SLOWEST = 0.1;
export const FASTEST = 1;

export interface SpeedLoop {
  readonly speed: number;
  /** Pressure of the last seconds, smoothed. */
  readonly pressure: number;
  /** The speed that was too much when it was last cut: up to near it the way is known to be free. */
  readonly ceiling: number;
  /** Seconds in which nothing is cut again: what was called before the cut still arrives. */
  readonly restSeconds: number;
  readonly reason: SpeedReason;
}

export const SPEED_REASONS = [
  'free',
  'pinned',
  'paused',
  'event-loop',
  'reserve',
  'backlog',
  'refused',
] as const;
export type SpeedReason = 'free' | 'pinned' | 'paused' | PressureReason;

export const FULL_SPEED: SpeedLoop = {
  ...{ speed: FASTEST, pressure: 0, ceiling: FASTEST, restSeconds: 0, reason: 'free' },
};

const CUT = 0.7;
const REST_SECONDS = 4;
/** Above it the speed is cut, below it raised; between them it stays. */
const HIGH = 1;
const LOW = 0.7;
/** Per second: towards what was fast before, and beyond it. */
const BACK = 0.05;
const BEYOND = 0.01;

/** One step of about `elapsedSeconds`; pure, so that the simulation runs the same. */
export function stepSpeed(loop: SpeedLoop, pressure: Pressure, elapsedSeconds: number): SpeedLoop {
  const weight = 1 - Math.exp(-elapsedSeconds / 2);
  const smoothed = loop.pressure + weight * (pressure.value - loop.pressure);
  const restSeconds = Math.max(0, loop.restSeconds - elapsedSeconds);
  const { speed, ceiling } = loop;
  if (smoothed > HIGH && pressure.value > HIGH) {
    const reason = pressure.reason ?? loop.reason;
    if (restSeconds > 0) return { ...loop, pressure: smoothed, restSeconds, reason };
    return {
      speed: Math.max(SLOWEST, speed * CUT),
      pressure: smoothed,
      ceiling: speed,
      restSeconds: REST_SECONDS,
      reason,
    };
  }
  if (smoothed > LOW) return { ...loop, pressure: smoothed, restSeconds };
  const step = (speed < 0.9 * ceiling ? BACK : BEYOND) * elapsedSeconds;
  const raised = Math.min(FASTEST, speed + step);
  return {
    speed: raised,
    pressure: smoothed,
    ceiling: Math.max(ceiling, raised),
    restSeconds,
    reason: raised >= FASTEST ? 'free' : loop.reason,
  };
}
