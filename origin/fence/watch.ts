// The rebuild's leader: looks at every loaded activity a few times a second, in Redis and in the
// database, and rebuilds what cannot be trusted.
import { setTimeout as pause } from 'node:timers/promises';
import { inventoryKeys } from '../../shared/keys.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { InventoryLink } from '../redis/inventory-link.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { type RedisFacts, rebuildReason } from './inspect.ts';
import { type RebuildResult, type RebuildScripts, rebuild } from './rebuild.ts';

export interface FenceWatchOptions {
  readonly link: InventoryLink;
  readonly store: Store;
  readonly scripts: RebuildScripts;
  readonly userKey: (userId: string) => string;
  readonly onRebuild: (event: RebuildEvent) => void;
  readonly onError: (error: unknown) => void;
}

export type RebuildEvent =
  | { readonly kind: 'closed'; readonly activity: ActivityRow; readonly reason: string }
  | { readonly kind: 'ended'; readonly activity: ActivityRow; readonly result: RebuildResult };

const LOOK_EVERY_MS = 250;
/** A rebuild mostly waits for the writer. */
const MAX_AT_ONCE = 32;

/** Runs while this instance leads; resolves when leadership ends. */
export async function watchFences(options: FenceWatchOptions, lead: Lead): Promise<void> {
  const underWay = new Map<string, Promise<void>>();
  let missing = new Set<string>();
  while (!lead.signal.aborted) {
    try {
      // Rows that were read while a rebuild was under way may be those from before its end.
      const before = new Set(underWay.keys());
      const untrusted = await findUntrusted(options);
      const wasMissing = missing;
      missing = new Set(untrusted.filter(isMissing).map(({ activity }) => activity.activityId));
      for (const { activity, reason } of untrusted) {
        const { activityId } = activity;
        // Between the load's mark in the database and its script the keys are missing rightly.
        if (reason === 'keys-missing' && !wasMissing.has(activityId)) continue;
        if (before.has(activityId) || underWay.has(activityId)) continue;
        if (underWay.size >= MAX_AT_ONCE) continue;
        const ended = mend(options, lead, activity, reason).finally(() =>
          underWay.delete(activityId),
        );
        underWay.set(activityId, ended);
      }
    } catch (error) {
      options.onError(error);
    }
    await pause(LOOK_EVERY_MS, undefined, { signal: lead.signal }).catch((error: unknown) => {
      if (!lead.signal.aborted) throw error;
    });
  }
  await Promise.all(underWay.values());
}

async function mend(
  options: FenceWatchOptions,
  lead: Lead,
  activity: ActivityRow,
  reason: string,
): Promise<void> {
  options.onRebuild({ kind: 'closed', activity, reason });
  try {
    const result = await rebuild({ ...options, activity, ...lead });
    options.onRebuild({ kind: 'ended', activity, result });
  } catch (error) {
    if (!lead.signal.aborted) options.onError(error);
  }
}

interface Untrusted {
  readonly activity: ActivityRow;
  readonly reason: string;
}

const isMissing = ({ reason }: Untrusted): boolean => reason === 'keys-missing';

async function findUntrusted({ link, store }: FenceWatchOptions): Promise<Untrusted[]> {
  const loaded = (await store.liveActivities()).filter(({ state }) => state === 'LOADED');
  const runIds = loaded.map(({ skuId }) => link.runId(skuId));
  if (loaded.length === 0) return [];
  const pipeline = link.redis.pipeline();
  for (const { skuId } of loaded) {
    pipeline.hmget(inventoryKeys.activity(skuId), 'id', 'epoch', 'fence');
    pipeline.exists(
      inventoryKeys.stock(skuId),
      inventoryKeys.sold(skuId),
      inventoryKeys.sequence(skuId),
    );
  }
  const replies = await pipeline.exec();
  return loaded.flatMap((activity, index) => {
    const runId = runIds[index];
    // Nobody knows whose answer it is where the connection changed meanwhile.
    if (runId === undefined || link.runId(activity.skuId) !== runId) return [];
    const facts = factsOf(runId, replies?.[2 * index], replies?.[2 * index + 1]);
    const reason = facts && rebuildReason(activity, facts);
    return reason === undefined ? [] : [{ activity, reason }];
  });
}

type Reply = readonly [Error | null, unknown] | undefined;

function factsOf(runId: string, fields: Reply, counters: Reply): RedisFacts | undefined {
  if (!fields || !counters || fields[0] || counters[0] || !Array.isArray(fields[1])) {
    return undefined;
  }
  const [id, epoch, fence] = fields[1].map((value: unknown) =>
    typeof value === 'string' ? value : null,
  );
  return {
    runId,
    id: id ?? null,
    epoch: epoch ?? null,
    fence: fence ?? null,
    counters: Number(counters[1]),
  };
}
