// The Cache API between an isolate's memory and Redis: what one isolate of a data centre fetched,
// the others need not.
import { type Log, nameOf } from '../log.ts';

export interface Fetched {
  readonly text: string;
  readonly fetchedAt: number;
}

export interface ColoCache {
  find(skuId: string): Promise<Fetched | undefined>;
  keep(skuId: string, fetched: Fetched): Promise<void>;
}

const FETCHED_AT = 'x-fetched-at';
const urlOf = (skuId: string): string => `https://sale-status.invalid/${skuId}`;

/** Where there is no cache (bare workerd), it finds nothing and stops asking. */
export function createColoCache(log: Log): ColoCache {
  let isPresent = true;
  const withoutCache = (error: unknown): undefined => {
    isPresent = false;
    log({ event: 'no Cache API', level: 'debug', detail: nameOf(error) });
  };
  return {
    async find(skuId) {
      if (!isPresent) return undefined;
      try {
        const found = await caches.default.match(urlOf(skuId));
        const fetchedAt = Number(found?.headers.get(FETCHED_AT) ?? Number.NaN);
        if (found === undefined || !Number.isFinite(fetchedAt)) return undefined;
        return { text: await found.text(), fetchedAt };
      } catch (error) {
        return withoutCache(error);
      }
    },
    async keep(skuId, { text, fetchedAt }) {
      if (!isPresent) return;
      try {
        const headers = { 'cache-control': 'max-age=1', [FETCHED_AT]: String(fetchedAt) };
        await caches.default.put(urlOf(skuId), new Response(text, { headers }));
      } catch (error) {
        withoutCache(error);
      }
    },
  };
}
