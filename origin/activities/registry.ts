// What this instance knows of the live activities: the database's rows, read again and again, so
// that a purchase never asks the database. While the database is away the last rows stay.
import type { ActivityRow, Store } from '../store/store.ts';

const REFRESH_MS = 500;

export interface ActivityRegistry {
  /** The activity whose keys the SKU's Redis keys serve: the loaded one, else the next to start. */
  current(skuId: string): ActivityRow | undefined;
  byId(activityId: string): ActivityRow | undefined;
  all(): readonly ActivityRow[];
  /** Reads the database now; calls under way are shared. Rejects when it is away. */
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

  async function read(): Promise<void> {
    rows = await store.liveActivities();
    byId = new Map(rows.map((row) => [row.activityId, row]));
    bySku = currentBySku(rows);
    readAt = Date.now();
  }
  function refresh(): Promise<void> {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  }

  await refresh();
  const timer = setInterval(() => void refresh().catch(onError), REFRESH_MS);
  return {
    current: (skuId) => bySku.get(skuId),
    byId: (activityId) => byId.get(activityId),
    all: () => rows,
    refresh,
    ageMs: () => Date.now() - readAt,
    close: () => clearInterval(timer),
  };
}

function currentBySku(rows: readonly ActivityRow[]): Map<string, ActivityRow> {
  const current = new Map<string, ActivityRow>();
  for (const row of rows) {
    const other = current.get(row.skuId);
    if (other === undefined || (other.state !== 'LOADED' && row.state === 'LOADED')) {
      current.set(row.skuId, row);
    }
  }
  return current;
}
