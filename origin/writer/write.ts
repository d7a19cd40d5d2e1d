// One caller's records on their way through the batches, and what became of them.
import { activityOf } from '../store/apply/record.ts';
import type { ApplyResult, LogRecord } from '../store/store.ts';

export interface Write {
  readonly records: readonly LogRecord[];
  /** `performance.now()` when they came. */
  readonly since: number;
  readonly resolve: (result: ApplyResult) => void;
  readonly reject: (error: unknown) => void;
  /** How many of the records have gone into a batch. */
  taken: number;
  /** Of the batches that had a part of it. */
  readonly parts: Part[];
}

export interface Part {
  readonly result: ApplyResult;
  /** Whether other writes had a part of the batch too. */
  readonly isShared: boolean;
}

/**
 * What concerns this write of the batches that had a part of it. Dead letters are counted by batch:
 * those of a caller's neighbours may be among them.
 */
export function resultOf({ records, parts }: Write): ApplyResult {
  const isShared = parts.some((part) => part.isShared);
  const own = parts.map(({ result }) => result);
  const results = isShared ? own.map(ofThese(records)) : own;
  return {
    persisted: results.flatMap(({ persisted }) => persisted),
    deadLetters: results.reduce((sum, result) => sum + result.deadLetters, 0),
    stalled: [...new Set(results.flatMap(({ stalled }) => stalled))],
  };
}

/** What of a result concerns these records. */
function ofThese(records: readonly LogRecord[]): (result: ApplyResult) => ApplyResult {
  const orders = new Set<string>();
  const activities = new Set<string>();
  for (const record of records) {
    activities.add(activityOf(record) ?? '');
    if (record.kind !== 'event') continue;
    if (record.event.order !== undefined) orders.add(record.event.order.orderId);
  }
  return (result) => ({
    ...result,
    persisted: result.persisted.filter((id) => orders.has(id)),
    stalled: result.stalled.filter((id) => activities.has(id)),
  });
}
