// The activities that the watcher looks at, as the database has them; a database that is slow to
// answer holds up nobody who can be looked at without it.
import type { ActivityRegistry } from '../activities/registry.ts';
import { pauseFor } from '../backoff.ts';
import type { ActivityRow, Store } from '../store/store.ts';

export interface WatchedRows {
  readonly rows: readonly ActivityRow[];
  /** False: as this instance knew them last; what they say of the writer is not to be believed. */
  readonly areCurrent: boolean;
}

export interface WatchedRowsOptions {
  readonly store: Pick<Store, 'liveActivities'>;
  readonly registry: Pick<ActivityRegistry, 'all'>;
  readonly onError: (error: unknown) => void;
}

const READ_WITHIN_MS = 250;

/** One read is under way at a time; an answer that comes late serves the next look. */
export function createWatchedRows({ store, registry, onError }: WatchedRowsOptions) {
  let reading: Promise<readonly ActivityRow[]> | undefined;
  return async (signal: AbortSignal): Promise<WatchedRows> => {
    reading ??= store.liveActivities();
    const answered = new AbortController();
    const late = pauseFor(READ_WITHIN_MS, AbortSignal.any([signal, answered.signal]));
    try {
      const rows = await Promise.race([reading, late]);
      if (rows === undefined) return { rows: registry.all(), areCurrent: false };
      reading = undefined;
      return { rows, areCurrent: true };
    } catch (error) {
      reading = undefined;
      onError(error);
      return { rows: registry.all(), areCurrent: false };
    } finally {
      answered.abort();
    }
  };
}
