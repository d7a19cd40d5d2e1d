import type { LogRecord } from '../store.ts';

/** Whose record it is; undefined where it does not say. */
export const activityOf = (record: LogRecord): string | undefined =>
  record.kind === 'event' ? record.event.activityId : record.lost?.activityId;
