// The running values of a batch: each record sees the effect of those before it.
import type { OrderEvent } from '../../../shared/order-event.ts';
import { type LedgerOutcome, ledgerLine } from '../../ledger/ledger.ts';
import type { OrderRow, OversoldOrder } from '../store.ts';
import type { ActivityView, BatchPlan, BatchView, NewDeadLetter, NewLine } from './view.ts';

export type Mutable<Row> = { -readonly [Key in keyof Row]: Row[Key] };
export type MutableActivity = Mutable<ActivityView>;
export type MutableOrder = Mutable<OrderRow>;

export interface Work {
  readonly activities: Map<string, MutableActivity>;
  readonly orders: Map<string, MutableOrder>;
  readonly inserts: Set<OrderRow>;
  readonly revived: Set<OrderRow>;
  readonly settled: Set<OrderRow>;
  readonly deadLetters: Map<string, NewDeadLetter>;
  readonly deadOrders: ReadonlySet<string>;
  readonly heldOrders: Set<string>;
  readonly stalled: Set<string>;
  readonly oversold: OversoldOrder[];
  readonly ledger: Map<string, NewLine[]>;
  /** As in `BatchPlan`, of the records so far. */
  isStraight: boolean;
}

export function startWork(view: BatchView): Work {
  return {
    activities: new Map([...view.activities].map(([id, activity]) => [id, { ...activity }])),
    orders: new Map([...view.orders].map(([id, row]) => [id, { ...row }])),
    inserts: new Set(),
    revived: new Set(),
    settled: new Set(),
    deadLetters: new Map(),
    deadOrders: view.deadOrders,
    heldOrders: new Set(view.heldOrders),
    stalled: new Set(),
    oversold: [],
    ledger: new Map(),
    isStraight: true,
  };
}

/** A row that is new in this batch is inserted as it stands at the end of it. */
export function planOf(work: Work): BatchPlan {
  return {
    inserts: [...work.inserts],
    revived: [...work.revived].filter((row) => !work.inserts.has(row)),
    settled: [...work.settled].filter((row) => !work.inserts.has(row) && !work.revived.has(row)),
    deadLetters: [...work.deadLetters.values()],
    activities: work.activities,
    stalled: [...work.stalled],
    oversold: work.oversold,
    ledger: work.ledger,
    isStraight: work.isStraight,
  };
}

/** Writes down what became of an event. */
export function enter(work: Work, event: OrderEvent, outcome: LedgerOutcome): void {
  write(work, event.activityId, () => ledgerLine(event, outcome));
}

export function write(work: Work, activityId: string, line: NewLine): void {
  const lines = work.ledger.get(activityId);
  if (lines === undefined) work.ledger.set(activityId, [line]);
  else lines.push(line);
}

/** Tells the fence what must not be; the first alarm of an epoch stays. */
export function raiseAlarm(
  activity: MutableActivity,
  event: Pick<OrderEvent, 'epoch' | 'seq'>,
  what: string,
): void {
  if (event.epoch <= activity.alarmEpoch) return;
  activity.alarmEpoch = event.epoch;
  activity.alarm = `${what}, met at ${event.epoch}-${event.seq}`;
}
