// Marks orders as written, where other parts of the system may look without asking the database.
// Never the guard: the order's row is.
import type { ApplyRecords } from '../order-log/order-log.ts';

export const DEDUP_TTL_SECONDS = 7 * 86_400;

export interface DedupOptions {
  /** Sets `dedup:order:<orderId>` for `DEDUP_TTL_SECONDS`. */
  readonly mark: (orderIds: readonly string[]) => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** As `apply`, and marks what it has written; nobody waits for the marks, and one may be missing. */
export function withDedup(apply: ApplyRecords, { mark, onFailure }: DedupOptions): ApplyRecords {
  return async (records) => {
    const result = await apply(records);
    if (result.persisted.length > 0) void mark(result.persisted).catch(onFailure);
    return result;
  };
}
