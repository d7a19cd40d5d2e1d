// How hard the origins work, as one number and its reason: 1 is as much as they should.
import type { Load } from './load-report.ts';

export const PRESSURE_REASONS = ['event-loop', 'reserve', 'backlog', 'refused'] as const;
export type PressureReason = (typeof PRESSURE_REASONS)[number];

export interface Pressure {
  readonly value: number;
  /** What presses hardest; undefined where nothing is known. */
  readonly reason: PressureReason | undefined;
}

const LIMITS: Readonly<Record<PressureReason, number>> = {
  'event-loop': 250,
  reserve: 500,
  backlog: 50_000,
  refused: 1,
};
/** Beyond this nothing more is told. */
const MOST = 100;

export const NO_PRESSURE: Pressure = { value: 0, reason: undefined };

/** The hardest pressed instance decides: requests are spread evenly over all of them. */
export function pressureOf(loads: readonly Load[]): Pressure {
  let hardest = NO_PRESSURE;
  for (const load of loads) {
    const amounts: Readonly<Record<PressureReason, number>> = {
      'event-loop': load.eventLoopMs,
      reserve: load.reserveMs,
      backlog: load.backlog,
      refused: load.refused,
    };
    for (const reason of PRESSURE_REASONS) {
      const value = Math.min(MOST, amounts[reason] / LIMITS[reason]);
      if (value > hardest.value) hardest = { value, reason };
    }
  }
  return hardest;
}
