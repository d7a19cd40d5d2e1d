// The status document of a SKU at the edge: one second old at most while Redis answers.
import { edgeKeys } from '../../shared/keys.ts';
import { isSkuId } from '../../shared/words.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Call } from '../call.ts';
import type { Log } from '../log.ts';
import type { EdgeRedis } from '../redis/edge-redis.ts';
import { createColoCache } from './colo-cache.ts';
import { createStatusMemory, type Held, type KnownSale } from './status-memory.ts';

export type Reading =
  | { readonly kind: 'sale'; readonly sale: KnownSale }
  | { readonly kind: 'missing' }
  | { readonly kind: 'away' };

export interface SaleStatuses {
  /** What this isolate knows, without asking anybody. */
  peek(skuId: string): Held;
  /** Takes in what another request to Redis brought along. */
  adopt(skuId: string, text: string | null): void;
  /** The document, refreshed where it is too old. */
  read(skuId: string, call: Call): Promise<Reading>;
}

/** Up to this age a document is served; from half of it on it is refreshed behind the answer. */
export const FRESH_MS = 1_000;
export const REFRESH_AHEAD_MS = 500;
const TIMEOUT_MS = 1_000;
const MAX_REFRESHES = 1_000;
const LOOK_EVERY_MS = 5;

export function createSaleStatuses(
  redis: EdgeRedis,
  { log, isClosed }: { readonly log: Log; readonly isClosed: boolean },
): SaleStatuses {
  const memory = createStatusMemory(log, { isClosed });
  const coloCache = createColoCache(log);
  // Until when the request that refreshes a document has time; later another may try.
  const refreshing = new BoundedMap<string, number>(MAX_REFRESHES);

  async function refresh(skuId: string, call: Call): Promise<void> {
    refreshing.set(skuId, Date.now() + TIMEOUT_MS);
    try {
      const shared = await coloCache.find(skuId);
      if (shared !== undefined && Date.now() - shared.fetchedAt <= FRESH_MS) {
        memory.adopt(skuId, shared);
        return;
      }
      const asked = await redis.ask(
        (client) => client.send([['get', edgeKeys.saleStatus(skuId)]]),
        TIMEOUT_MS,
      );
      const [reply] = asked.kind === 'away' ? [] : asked.value;
      if (reply === undefined || reply.error !== undefined) return;
      const text = typeof reply.result === 'string' ? reply.result : null;
      const fetched = { text, fetchedAt: Date.now() };
      memory.adopt(skuId, fetched);
      if (text !== null) call.defer(coloCache.keep(skuId, { ...fetched, text }));
    } finally {
      refreshing.delete(skuId);
    }
  }

  const isBeingRefreshed = (skuId: string) => (refreshing.get(skuId) ?? 0) > Date.now();

  /** Another request's promise must not be waited for: what it found is looked for. */
  async function refreshByAnother(skuId: string): Promise<void> {
    while (isBeingRefreshed(skuId)) await new Promise((done) => setTimeout(done, LOOK_EVERY_MS));
  }

  return {
    peek: (skuId) => memory.find(skuId, Date.now()),
    adopt: (skuId, text) => memory.adopt(skuId, { text, fetchedAt: Date.now() }),
    async read(skuId, call) {
      if (!isSkuId(skuId)) return { kind: 'missing' };
      const held = memory.find(skuId, Date.now());
      if (held.kind === 'missing') return held;
      const isRefreshing = isBeingRefreshed(skuId);
      if (held.kind === 'sale' && (held.ageMs <= FRESH_MS || isRefreshing)) {
        if (held.ageMs > REFRESH_AHEAD_MS && !isRefreshing) call.defer(refresh(skuId, call));
        return held;
      }
      await (isRefreshing ? refreshByAnother(skuId) : refresh(skuId, call));
      const known = memory.find(skuId, Date.now());
      return known.kind === 'nothing' ? { kind: 'away' } : known;
    },
  };
}
