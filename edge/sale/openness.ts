// Whether a sale takes purchases now, as far as its document says.
import type { Refusal } from '../../shared/refusal.ts';
import type { KnownSale } from './status-memory.ts';
import { serverTime } from './status-memory.ts';

export type Openness =
  | { readonly kind: 'open' }
  | { readonly kind: 'not-open'; readonly refusal: Refusal }
  /** Closed to all but those whose place has entered: their orders may exist. */
  | { readonly kind: 'closed'; readonly refusal: Refusal };

/** So near the start only the script decides, by the clock of Redis. */
const START_MARGIN_MS = 2_000;
const PAUSED_RETRY_SECONDS = 5;

export function opennessOf(sale: KnownSale, nowMs: number): Openness {
  const { status } = sale;
  switch (status.state) {
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
    case 'RUNNING':
      return status.soldOut
        ? {
            kind: 'closed',
            refusal: { kind: 'sold-out', unitsMayReturn: status.unitsMayReturn },
          }
        : { kind: 'open' };
  }
}

/**
 * An edge never refuses by its own clock: a document may be old, so the later of two clocks
 * counts, and what could be the start already is left to the script.
 */
function beforeStart(sale: KnownSale, nowMs: number): Openness {
  const { startAt } = sale.status;
  const estimate = serverTime(sale, nowMs);
  if (Math.max(estimate, nowMs) + START_MARGIN_MS >= startAt) return { kind: 'open' };
  return {
    kind: 'not-open',
    refusal: { kind: 'not-open', opensAt: startAt, serverTime: estimate },
  };
}
