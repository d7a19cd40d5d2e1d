// Whether units that unpaid orders hold may come back to buyers: what returns at the end of the
// activity or later goes back to the shop.
import { readCounts } from '../line/counts.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { ActivityRow } from '../store/store.ts';

export interface HeldUnits {
  /** Of an activity whose units are gone and partly held. Never rejects: in doubt they may. */
  mayReturn(activity: ActivityRow): Promise<boolean>;
}

export interface HeldUnitsOptions {
  readonly link: Pick<InventoryLink, 'redis' | 'runId'>;
  readonly onError: (error: unknown) => void;
}

/** The first of them is looked up once in this time, however many ask. */
const KEPT_MS = 1_000;
const MAX_KEPT = 1_000;

export function createHeldUnits({ link, onError }: HeldUnitsOptions): HeldUnits {
  const kept = new Map<string, { readonly at: number; readonly answer: Promise<boolean> }>();

  /** One read, with the deadline of the connection; safe to repeat. */
  async function look(activity: ActivityRow): Promise<boolean> {
    try {
      const [counts] = await readCounts(link, [activity]);
      const firstPayBy = counts?.kind === 'counts' ? counts.firstPayBy : null;
      return firstPayBy === null || firstPayBy < activity.endAt;
    } catch (error) {
      onError(error);
      return true;
    }
  }

  return {
    async mayReturn(activity) {
      const { activityId } = activity;
      const now = performance.now();
      const known = kept.get(activityId);
      if (known !== undefined && now - known.at < KEPT_MS) return await known.answer;
      if (kept.size >= MAX_KEPT) kept.clear();
      const answer = look(activity);
      kept.set(activityId, { at: now, answer });
      return await answer;
    },
  };
}
