// The leader's round on a line model, by the very functions of the origin.

import { waitingAt } from '../../origin/line/bucket-facts.ts';
import { parseCallLog, writeCallLog } from '../../origin/line/calls/call-log.ts';
import {
  type Following,
  followLine,
  type LinePlan,
  takeUpLine,
} from '../../origin/line/calls/follow-line.ts';
import { NO_PRESSURE, type Pressure, pressureOf } from '../../origin/line/health/pressure.ts';
import { FULL_SPEED, type SpeedLoop, stepSpeed } from '../../origin/line/health/speed-loop.ts';
import { type Joining, joiningOf } from '../../origin/line/joining.ts';
import { outlookOf } from '../../origin/line/outlook-of.ts';
import { newOrderHistory, returnsOf } from '../../origin/line/returns.ts';
import type { Forecast } from '../../shared/outlook.ts';
import type { LineModel } from './line-model.ts';
import type { OriginModel } from './origin-model.ts';

export interface Document extends Forecast, Joining {
  readonly stock: number;
  readonly isPaused: boolean;
}

export class LeaderModel {
  readonly #line: LineModel;
  readonly #origin: OriginModel;
  readonly #windowSeconds: number;
  readonly #term: number;
  readonly #orders = newOrderHistory();
  #following: Following | undefined;
  #loop: SpeedLoop = FULL_SPEED;
  plan: LinePlan | undefined;

  /** It knows what is stored, and that alone. */
  constructor(line: LineModel, origin: OriginModel, term: number) {
    this.#line = line;
    this.#origin = origin;
    this.#windowSeconds = line.windowMs / 1000;
    this.#term = term;
  }

  /** undefined where a later leader keeps the clock: then nothing is written. */
  round(nowMs: number, isPaused: boolean): Document | undefined {
    const line = this.#line;
    const { units, sold, held, sequence, terms, payBys } = this.#origin;
    const windowSeconds = this.#windowSeconds;
    this.#following ??= takeUpLine(parseCallLog(line.log), { nowMs, windowSeconds });
    const virtualMs = line.virtualMs(nowMs);
    const { bucket, waited, came, refusedAt, pace } = line;
    const look = { nowMs, virtualMs, bucket, waited, came, refusedAt, isPaused };
    const plan = followLine(this.#following, { ...look, sellableUnits: units }, pace);
    this.plan = plan;
    const pressure: Pressure =
      terms.perSecondAt === undefined ? NO_PRESSURE : pressureOf([this.#origin.load(nowMs)]);
    this.#loop = stepSpeed(this.#loop, pressure, 1);
    const speed = isPaused ? 0 : Math.round(100 * this.#loop.speed) / 100;
    const isSet = line.setClock(
      { speed, virtualUntil: plan.virtualUntil, term: this.#term },
      { log: writeCallLog(this.#following.log), counted: came.length, nowMs },
    );
    if (!isSet) return undefined;
    const waiting = waitingAt(bucket, pace, virtualMs);
    const firstPayBy = payBys[0] ?? null;
    return {
      ...joiningOf({
        ...{ state: isPaused ? 'PAUSED' : 'RUNNING', stock: units, held, waiting },
        ...{ firstPayBy, queueLimit: 1_000_000, endAt: 9e14 },
      }),
      ...{ stock: units, isPaused, clock: line.clock, ratePerSecond: pace.ratePerSecond },
      outlook: outlookOf({
        ...{ reach: plan.reach, speed, stock: units, held, expectation: plan.expectation },
        returnRounds: 20,
        returns: returnsOf(
          this.#orders,
          { sold, held, sequence },
          { nowMs, payWindowMs: terms.payWindowMs },
        ),
      }),
    };
  }
}

/** Moments of a simulation are epoch-like: zero means never. */
export const START_MS = 1_000_000;
