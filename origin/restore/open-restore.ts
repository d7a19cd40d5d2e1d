// Opens what `restore-check` works on, as the origin's configuration names it.
import { randomUUID } from 'node:crypto';
import type { OriginConfig } from '../config.ts';
import { JOBS } from '../leadership/leadership.ts';
import type { Log } from '../log.ts';
import { openGateway } from '../payments/open-payments.ts';
import { connectRedis, untilReady } from '../redis/connection.ts';
import { connectInventory } from '../redis/inventory-link.ts';
import { luaScript } from '../redis/lua.ts';
import { inventoryPlace, linePlace } from '../redis/place.ts';
import { openStore } from '../store/open-store.ts';
import { storeTarget } from '../store/target.ts';
import type { RestoreLog, RestoreOptions } from './restore.ts';

const COMMAND_TIMEOUT_MS = 5_000;
const READY_WITHIN_MS = 10_000;
const say = () => undefined;
/** What fails rejects and is told once, by the command. */
const QUIET: Log = { debug: say, info: say, warn: say, error: say };

export interface OpenedRestore extends RestoreOptions {
  close(): Promise<void>;
}

/** Rejects where a service does not answer, or an origin owns the SQLite file. */
export async function openRestore(config: OriginConfig): Promise<OpenedRestore> {
  const store = await openStore(storeTarget(config));
  const name = `restore-check-${randomUUID().slice(0, 8)}`;
  const timeout = { name, commandTimeoutMs: COMMAND_TIMEOUT_MS };
  const edgeRedis = connectRedis({ ...linePlace(config), ...timeout });
  try {
    await store.ping();
    await untilReady(edgeRedis, READY_WITHIN_MS);
    const link = await connectInventory({ ...inventoryPlace(config), ...timeout });
    return {
      ...{ store, link, redis: { inventory: link.redis, edgeRedis } },
      log: config.STACK === 'embedded' ? undefined : await openLog(config),
      gateway: openGateway(config, () => undefined),
      closeFence: luaScript('close-fence'),
      jobs: JOBS,
      now: Date.now,
      async close() {
        link.close();
        edgeRedis.disconnect();
        await store.close();
      },
    };
  } catch (error) {
    edgeRedis.disconnect();
    await store.close();
    throw error;
  }
}

/** The embedded stack does without the client libraries of the full one. */
async function openLog(config: OriginConfig): Promise<RestoreLog> {
  const { kafkaSettings } = await import('../order-log/kafka/settings.ts');
  const { readOrderLog } = await import('../order-log/kafka/read-order-log.ts');
  const rewinding = await import('../order-log/kafka/rewind-writers.ts');
  const settings = kafkaSettings(config);
  return {
    read: (take) =>
      readOrderLog({
        ...{ settings, log: QUIET },
        onRecord: ({ record, isWhole }) => take(record, isWhole),
      }),
    writers: () => rewinding.writersState(settings, QUIET),
    rewind: () => rewinding.rewindWriters(settings, QUIET),
  };
}
