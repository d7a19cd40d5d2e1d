// The speed of each line: what the loop says for all, unless an operator has pinned or paused one.
import type { Redis } from '../../redis/client.ts';
import type { ActivityRow } from '../../store/store.ts';
import { type Pressure, pressureOf } from './pressure.ts';
import { readLoads } from './report-load.ts';
import { FULL_SPEED, type SpeedLoop, type SpeedReason, stepSpeed } from './speed-loop.ts';

export interface LineSpeed {
  readonly speed: number;
  readonly reason: SpeedReason;
}

export interface Speeds {
  /** Reads the reports and takes one step of the loop, at most once a second. */
  step(nowMs: number): Promise<void>;
  of(row: Pick<ActivityRow, 'paused' | 'speedPin'>): LineSpeed;
}

export interface SpeedOptions {
  readonly redis: Redis;
  readonly onStep: (loop: SpeedLoop, pressure: Pressure) => void;
}

const EVERY_MS = 950;

export function createSpeeds({ redis, onStep }: SpeedOptions): Speeds {
  let loop = FULL_SPEED;
  let steppedAt = 0;
  return {
    async step(nowMs) {
      const elapsedMs = nowMs - steppedAt;
      if (elapsedMs < EVERY_MS) return;
      steppedAt = nowMs;
      const pressure = pressureOf(await readLoads(redis, nowMs));
      loop = stepSpeed(loop, pressure, Math.min(2_000, elapsedMs) / 1000);
      onStep(loop, pressure);
    },
    of({ paused, speedPin }) {
      if (paused) return { speed: 0, reason: 'paused' };
      if (speedPin !== null) return { speed: speedPin, reason: 'pinned' };
      // Hundredths: a clock need not know more, and the log of changes stays short.
      return { speed: Math.round(100 * loop.speed) / 100, reason: loop.reason };
    },
  };
}
