import type { Em } from '../orm.ts';
import type { Store } from '../store.ts';

/** Whole milliseconds, rounded up: the line may go on later than it stood, never earlier. */
export async function saveFrontiers(
  em: Em,
  frontiers: Parameters<Store['saveFrontiers']>[0],
): Promise<void> {
  for (const { activityId, virtualAt, frontier } of frontiers) {
    const at = Math.ceil(virtualAt);
    const turn = Math.ceil(frontier);
    await em.execute(
      `update activity set
        virtual_at = case when virtual_at < ? then ? else virtual_at end,
        frontier = case when frontier < ? then ? else frontier end
      where activity_id = ?`,
      [at, at, turn, turn, activityId],
      'run',
    );
  }
}
