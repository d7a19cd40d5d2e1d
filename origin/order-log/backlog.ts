// How much of the order log has not reached the database: what tells events that are on their way from
// events that are lost.
import type { OriginConfig } from '../config.ts';
import type { Log } from '../log.ts';

/** Records of a SKU's part of the log that the writer has not taken. Reads only; rejects when away. */
export type Backlog = (skuId: string) => Promise<number>;

export function openBacklog(config: OriginConfig, log: Log): Backlog {
  // Appended is applied: there is nothing between outbox and database.
  if (config.STACK === 'embedded') return () => Promise.resolve(0);
  return async (skuId) => {
    const { kafkaSettings } = await import('./kafka/settings.ts');
    const { countUnread } = await import('./kafka/count-unread.ts');
    return await countUnread(kafkaSettings(config), log, skuId);
  };
}
