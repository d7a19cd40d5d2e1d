// What this instance knows of the live activities: the database's rows, read again and again, so
// that a purchase never asks the database. While the database is away the last rows stay.
import type { ActivityRow, Store } from '../store/store.ts';

const REFRESH_MS = 500;

export interface ActivityRegistry {
  /** The activity that the SKU's keys serve, or will serve next. */
  current(skuId: string): ActivityRow | undefined;
  byId(activityId: string): ActivityRow | undefined;
  all(): readonly ActivityRow[];
  /**
   * Resolves when a read that began no earlier than this call has ended; those who wait share it.
   * Rejects when the database is away.
   */
  refresh(): Promise<void>;
  /** Milliseconds since the rows were last read whole. */
  ageMs(): number;
  close(): void;
}

export async function startRegistry(
  store: Pick<Store, 'liveActivities'>,
  onError: (error: unknown) => void,
): Promise<ActivityRegistry> {
  let rows: readonly ActivityRow[] = [];
  let byId = new Map<string, ActivityRow>();
  let bySku = new Map<string, ActivityRow>();
  let readAt = 0;
  let underWay: Promise<void> | undefined;
  let following: Promise<void> | undefined;

  async function read(): Promise<void> {
    rows = await store.liveActivities();
    readAt = Date.now();
    byId = new Map(rows.map((row) => [row.activityId, row]));
    bySku = currentBySku(rows, readAt);
  }
  function begin(): Promise<void> {
    return read().finally(() => {
      underWay = following;
      following = undefined;
    });
  }
  function refresh(): Promise<void> {
    if (underWay === undefined) {
      underWay = begin();
      return underWay;
    }
    // The read under way may have missed what its caller has just written.
    following ??= underWay.then(begin, begin);
    return following;
  }

  await refresh();
  const timer = setInterval(() => {
    if (underWay === undefined) void refresh().catch(onError);
  }, REFRESH_MS);
  return {
    current: (skuId) => bySku.get(skuId),
    byId: (activityId) => byId.get(activityId),
    all: () => rows,
    refresh,
    ageMs: () => Date.now() - readAt,
    close: () => clearInterval(timer),
  };
}

/**
 * One activity per SKU: the loaded one, whose keys stand; else the next to start; else, where all
 * have ended without ever being loaded, the last. `rows` are in order of their start.
 */
export function currentBySku(
  rows: readonly ActivityRow[],
  nowMs: number,
): Map<string, ActivityRow> {
  const rank = (row: ActivityRow): number =>
    row.state === 'LOADED' ? 2 : row.endAt > nowMs ? 1 : 0;
  const current = new Map<string, ActivityRow>();
  for (const row of rows) {
    // Its keys are going: it serves nobody.
    if (row.state === 'CLOSING') continue;
    const other = current.get(row.skuId);
    const isBetter = other === undefined || rank(row) > rank(other);
    if (isBetter || (rank(row) === 0 && rank(other) === 0)) current.set(row.skuId, row);
  }
  return current;
}
