// Decides what a batch of records does to the database, by the rules of writer/README: pure, so
// that the rules can be read and tried without a database.
import { createHash } from 'node:crypto';
import type { OrderEvent } from '../../../shared/order-event.ts';
import { type LedgerOutcome, lostLine } from '../../ledger/ledger.ts';
import type { LogRecord, LostEntry, OrderRow } from '../store.ts';
import { faultOf } from './fault.ts';
import { positionOf } from './position.ts';
import { fence, project } from './project.ts';
import { type BatchPlan, type BatchView, type Candidate, deadOrderKey } from './view.ts';
import {
  enter,
  type MutableActivity,
  planOf,
  raiseAlarm,
  startWork,
  type Work,
  write,
} from './work.ts';

export function planBatch(candidates: readonly Candidate[], view: BatchView): BatchPlan {
  const work = startWork(view);
  for (const candidate of candidates) {
    const obstacle = apply(work, candidate);
    if (obstacle !== undefined) bury(work, view, { record: candidate.record, reason: obstacle });
  }
  return planOf(work);
}

/** Applies one record, or answers why it can only become a dead letter. */
function apply(work: Work, { record, refusal }: Candidate): string | undefined {
  if (record.kind === 'unreadable') {
    return work.stalled.has(record.lost?.activityId ?? '') ? undefined : record.reason;
  }
  const { event } = record;
  const fault = refusal ?? faultOf(event);
  const activity = work.activities.get(event.activityId);
  if (activity === undefined) return fault ?? 'unknown activity';
  if (work.stalled.has(event.activityId)) return undefined;

  const position = positionOf(event, activity);
  if (position !== 'next' || activity.hasDeadLetters) work.isStraight = false;
  if (position === 'gap' && !passesGap(work, activity, event)) return undefined;
  if (position === 'next') activity.seq = event.seq;
  if (fault !== undefined) return fault;
  switch (position) {
    case 'next':
      return projectInto(work, activity, event);
    case 'opens':
      activity.epoch = event.epoch;
      activity.seq = 0;
      enter(work, event, 'done');
      return undefined;
    case 'known':
      if (!fence(work, event)) return undefined;
      enter(work, event, 'fenced');
      raiseAlarm(activity, event, 'a second order under a known number');
      return undefined;
    case 'gap':
    case 'older':
      if (fence(work, event)) enter(work, event, 'fenced');
      return undefined;
  }
}

function projectInto(work: Work, activity: MutableActivity, event: OrderEvent): string | undefined {
  const obstacle = project(work, activity, event);
  if (obstacle !== undefined) return obstacle;
  enter(work, event, outcomeOf(event, work.orders.get(event.order?.orderId ?? '')));
  return undefined;
}

function outcomeOf(event: OrderEvent, row: OrderRow | undefined): LedgerOutcome {
  switch (event.type) {
    case 'reserved':
      if (row?.epoch !== event.epoch || row.seq !== event.seq) return 'known';
      return row.reason === 'OVERSOLD_GUARD' ? 'guarded' : 'done';
    case 'paid':
      return row?.status === 'PAID' ? 'done' : 'known';
    case 'cancelled':
      return event.restock === false ? 'kept' : 'done';
    default:
      return 'done';
  }
}

/** A gap is an alarm; the writer goes on only when a later `epoch` event is on its way. */
function passesGap(work: Work, activity: MutableActivity, event: OrderEvent): boolean {
  raiseAlarm(activity, event, `a gap behind ${activity.epoch}-${activity.seq}`);
  if (activity.epochAnnounced > event.epoch) return true;
  work.stalled.add(event.activityId);
  return false;
}

function bury(
  work: Work,
  view: BatchView,
  { record, reason }: { readonly record: LogRecord; readonly reason: string },
): void {
  work.isStraight = false;
  const identity = identityOf(record);
  if (view.deadIdentities.has(identity) || work.deadLetters.has(identity)) return;
  work.deadLetters.set(identity, { identity, record, reason });
  if (record.kind === 'unreadable' && record.lost) lose(work, record.lost);
  if (record.kind === 'event' && work.activities.has(record.event.activityId)) {
    enter(work, record.event, 'dead');
  }
  if (record.kind !== 'event' || record.event.type !== 'reserved') return;
  const { activityId, order } = record.event;
  if (order !== undefined) work.heldOrders.add(deadOrderKey(activityId, order.orderId));
}

/** Its own numbers are passed, those of another epoch say nothing here; either way Redis is rebuilt. */
function lose(work: Work, { activityId, epoch, seq }: LostEntry): void {
  const activity = work.activities.get(activityId);
  if (activity === undefined) return;
  if (epoch === activity.epoch && seq > activity.seq) {
    activity.seq = seq;
    write(work, activityId, () => lostLine({ epoch, seq }));
  }
  raiseAlarm(activity, activity, `an outbox entry that nobody can read (${epoch}-${seq})`);
}

/** The same event is the same dead letter wherever it stands; unreadable text is where it stands. */
export function identityOf(record: LogRecord): string {
  const text =
    record.kind === 'event' ? JSON.stringify(record.event) : `${record.position} ${record.text}`;
  return createHash('sha256').update(text).digest('hex');
}
