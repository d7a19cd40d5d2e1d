// What the leader knows of an activity from one round to the next.
import type { ActivityRow } from '../store/store.ts';
import type { Following, LinePlan } from './calls/follow-line.ts';
import type { Frontier } from './clock.ts';
import type { StockCounts } from './counts.ts';
import { type ForecastRecord, newForecastRecord } from './forecast-record.ts';
import { newOrderHistory, type OrderHistory } from './returns.ts';

export interface LineMemory {
  readonly skuId: string;
  /** Epoch ms of this process: when the last round of this activity began. */
  tendedAt: number;
  /** Of the activity at that time: an edit is told at once. */
  rowVersion: number;
  /** Version of the last document. */
  version: number;
  /** The last counts that could be trusted. */
  counts: StockCounts | undefined;
  reached: Frontier;
  saved: Frontier;
  /** undefined where what the edge Redis says must be read first: a new leader, a lost answer. */
  following: Following | undefined;
  /** What the last look decided. */
  plan: LinePlan | undefined;
  /** Epoch ms by the edge Redis: when the clock was last set. */
  setAt: number;
  /** Epoch ms of this process: who came is not asked for earlier. */
  looksAgainAt: number;
  /** The total of the call log up to which calls were reported. */
  reportedCalls: number | undefined;
  readonly forecasts: ForecastRecord;
  readonly orders: OrderHistory;
}

export function newLineMemory(row: ActivityRow, nowMs: number): LineMemory {
  const saved = { virtualAt: row.virtualAt, frontier: row.frontier };
  return {
    ...{ skuId: row.skuId, tendedAt: nowMs, version: 0, counts: undefined },
    ...{ rowVersion: row.version },
    ...{ reached: saved, saved, following: undefined, plan: undefined },
    ...{ setAt: 0, looksAgainAt: 0, reportedCalls: undefined, forecasts: newForecastRecord() },
    orders: newOrderHistory(),
  };
}
