// What an isolate remembers of sales: values, never promises, which belong to one request each.
import { parseSaleStatus, type SaleStatus } from '../../shared/sale-status.ts';
import { BoundedMap } from '../bounded-map.ts';
import type { Log } from '../log.ts';

/** A status document as this isolate knows it. */
export interface KnownSale {
  readonly status: SaleStatus;
  readonly fetchedAt: number;
  /**
   * What to add to this isolate's clock to get the writer's, at least. A document is as old as it
   * is when it arrives, so the largest difference seen is the closest.
   */
  readonly offsetMs: number;
}

export type Held =
  | { readonly kind: 'sale'; readonly sale: KnownSale; readonly ageMs: number }
  /** Redis said, at most a second ago, that there is no such sale. */
  | { readonly kind: 'missing' }
  | { readonly kind: 'nothing' };

export interface StatusMemory {
  find(skuId: string, nowMs: number): Held;
  /** Takes in what Redis answered: a document's text, or null for no such sale. */
  adopt(skuId: string, fetched: { readonly text: string | null; readonly fetchedAt: number }): void;
}

/** Up to this age a document is served while Redis does not answer. */
export const USABLE_MS = 10_000;
const MISSING_MS = 1_000;
const MAX_SALES = 2_000;
const MAX_MISSING = 5_000;

/** `isClosed`: the kill switch wins over every document. */
export function createStatusMemory(
  log: Log,
  { isClosed }: { readonly isClosed: boolean },
): StatusMemory {
  const sales = new BoundedMap<string, KnownSale>(MAX_SALES);
  const missingUntil = new BoundedMap<string, number>(MAX_MISSING);
  return {
    find(skuId, nowMs) {
      const sale = sales.get(skuId);
      if (sale !== undefined && nowMs - sale.fetchedAt <= USABLE_MS) {
        return { kind: 'sale', sale, ageMs: Math.max(0, nowMs - sale.fetchedAt) };
      }
      return { kind: (missingUntil.get(skuId) ?? 0) > nowMs ? 'missing' : 'nothing' };
    },
    adopt(skuId, { text, fetchedAt }) {
      const known = sales.get(skuId);
      const read = text === null ? undefined : parseSaleStatus(text);
      const status = isClosed && read !== undefined ? closed(read) : read;
      if (status === undefined) {
        if (text !== null) log({ event: 'status document unreadable', level: 'error' });
        // Documents outlive their sales by days: one that vanished was lost, and comes back.
        if (known !== undefined && fetchedAt - known.fetchedAt <= USABLE_MS) return;
        missingUntil.set(skuId, fetchedAt + MISSING_MS);
        return;
      }
      missingUntil.delete(skuId);
      sales.set(skuId, newer(known, { status, fetchedAt }));
    },
  };
}

function closed(status: SaleStatus): SaleStatus {
  const isOver = status.state === 'ENDED' || status.state === 'CLOSED';
  return { ...status, state: isOver ? status.state : 'PAUSED', joinable: false };
}

/** An older version never replaces a newer one, whichever answer came last. */
function newer(
  known: KnownSale | undefined,
  { status, fetchedAt }: { readonly status: SaleStatus; readonly fetchedAt: number },
): KnownSale {
  const offsetMs = status.writtenAt - fetchedAt;
  if (known === undefined) return { status, fetchedAt, offsetMs };
  return {
    status: status.version >= known.status.version ? status : known.status,
    fetchedAt: Math.max(fetchedAt, known.fetchedAt),
    offsetMs: Math.max(offsetMs, known.offsetMs),
  };
}

/** The writer's clock at this isolate's `nowMs`: never ahead of it by more than the network. */
export const serverTime = ({ offsetMs }: KnownSale, nowMs: number): number => nowMs + offsetMs;
