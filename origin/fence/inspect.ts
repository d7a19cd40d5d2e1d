// Why an activity must be rebuilt, if it must: the questions that the rebuild's leader asks of each
// loaded activity, again and again. Pure: facts in, reason out.
import type { ActivityRow } from '../store/store.ts';

/** What stands in the inventory Redis of one activity. */
export interface RedisFacts {
  readonly runId: string;
  readonly id: string | null;
  readonly epoch: string | null;
  readonly fence: string | null;
  /** How many of stock, sold and seq stand. */
  readonly counters: number;
}

const COUNTERS = 3;

export function rebuildReason(activity: ActivityRow, facts: RedisFacts): string | undefined {
  const { epoch, applied } = activity;
  if (activity.runId !== facts.runId) return 'redis-replaced';
  if (activity.epochTaken > epoch) return 'rebuild-unfinished';
  if (activity.fenceEpoch >= epoch) return activity.fenceReason ?? 'asked';
  if (applied.alarmEpoch >= epoch) return `writer: ${applied.alarm ?? 'alarm'}`;
  if (facts.fence?.startsWith('watcher ')) return facts.fence.replace(' ', ': ');
  if (facts.fence !== null && facts.fence !== '') return 'fence-closed';
  if (facts.id !== activity.activityId || facts.counters < COUNTERS) return 'keys-missing';
  if (facts.epoch !== String(epoch)) return 'epoch-differs';
  return undefined;
}
