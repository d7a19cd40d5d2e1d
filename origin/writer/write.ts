// One caller's records on their way through the batches, and what became of them.
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
  readonly results: ApplyResult[];
}

/**
 * What concerns this write of the batches that had a part of it. Dead letters are counted by batch:
 * those of a caller's neighbours may be among them.
 */
export function resultOf({ records, results }: Write): ApplyResult {
  const orders = new Set<string>();
  const activities = new Set<string>();
  for (const record of records) {
    if (record.kind !== 'event') continue;
    activities.add(record.event.activityId);
    if (record.event.order !== undefined) orders.add(record.event.order.orderId);
  }
  const stalled = results.flatMap((result) => result.stalled.filter((id) => activities.has(id)));
  return {
    persisted: results.flatMap((result) => result.persisted.filter((id) => orders.has(id))),
    deadLetters: results.reduce((sum, result) => sum + result.deadLetters, 0),
    stalled: [...new Set(stalled)],
  };
}
