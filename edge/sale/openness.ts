// Whether a sale takes purchases now, as far as its document says.
import type { Refusal } from '../../shared/refusal.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import type { KnownSale } from './status-memory.ts';
import { serverTime } from './status-memory.ts';

export type Openness =
  | { readonly kind: 'open' }
  | { readonly kind: 'not-open'; readonly refusal: Refusal }
  /** Closed to newcomers: who has a place goes on, for units may return. */
  | { readonly kind: 'full'; readonly refusal: Refusal }
  /** Closed to all but those whose place has entered: their orders may exist. */
  | { readonly kind: 'closed'; readonly refusal: Refusal };

/** So near the opening only the script decides, by the clock of Redis. */
const OPENING_MARGIN_MS = 2_000;
const PAUSED_RETRY_SECONDS = 5;

export function opennessOf(sale: KnownSale, nowMs: number): Openness {
  const { state, soldOut, unitsMayReturn } = sale.status;
  switch (state) {
    case 'SCHEDULED':
    case 'LOADED':
      return beforeStart(sale, nowMs);
    case 'ENDED':
    case 'CLOSED':
      return { kind: 'closed', refusal: { kind: 'ended' } };
    case 'PAUSED': {
      const refusal: Refusal = { kind: 'paused', retryAfterSeconds: PAUSED_RETRY_SECONDS };
      return { kind: 'closed', refusal };
    }
    case 'RUNNING': {
      if (!soldOut) return { kind: 'open' };
      const kind = unitsMayReturn ? 'full' : 'closed';
      return { kind, refusal: { kind: 'sold-out', unitsMayReturn } };
    }
  }
}

/** From when on places are given: with a draw before the start, as entries of the draw. */
export const openingOf = ({ draw, entryOpensAt, startAt }: SaleStatus): number =>
  draw === null ? startAt : entryOpensAt;

/**
 * An edge never refuses by its own clock: a document may be old, so the later of two clocks
 * counts, and what could be the opening already is left to the script.
 */
function beforeStart(sale: KnownSale, nowMs: number): Openness {
  const opensAt = openingOf(sale.status);
  const estimate = serverTime(sale, nowMs);
  if (Math.max(estimate, nowMs) + OPENING_MARGIN_MS >= opensAt) return { kind: 'open' };
  return { kind: 'not-open', refusal: { kind: 'not-open', opensAt, serverTime: estimate } };
}
