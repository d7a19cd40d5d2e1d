// Saves how far each line has come, in one call for all of them.
import type { Store } from '../store/store.ts';
import type { LineMemory } from './line-memory.ts';

export async function saveFrontiers(
  store: Pick<Store, 'saveFrontiers'>,
  memories: ReadonlyMap<string, LineMemory>,
): Promise<void> {
  const moved = [...memories]
    .filter(([, { reached, saved }]) => {
      return reached.virtualAt > saved.virtualAt || reached.frontier > saved.frontier;
    })
    .map(([activityId, memory]) => ({ activityId, memory, reached: memory.reached }));
  if (moved.length === 0) return;
  await store.saveFrontiers(moved.map(({ activityId, reached }) => ({ activityId, ...reached })));
  for (const { memory, reached } of moved) memory.saved = reached;
}
