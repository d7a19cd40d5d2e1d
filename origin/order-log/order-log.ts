// The port to the ordered, durable stream of order events. The relay appends; what reads it hands
// records to the writer. On the full stack Kafka stands behind it, on the embedded stack the writer
// itself: appended is then applied.
import type { OrderEvent } from '../../shared/order-event.ts';
import type { ApplyResult, LogRecord, LostEntry } from '../store/store.ts';

export interface LoggedEvent {
  readonly event: OrderEvent;
  readonly traceparent?: string;
}

/** An entry of an outbox that cannot be read, as it stands there. */
export interface UnreadableEntry {
  readonly text: string;
  readonly reason: string;
  readonly position: string;
  readonly lost: LostEntry;
}

export interface AppendResult {
  /** Activities whose events were not taken (the writer stands at a gap): append them again later. */
  readonly stalled: readonly string[];
}

export interface OrderLog {
  /**
   * Appends events, each SKU's in the given order, and resolves when they are durable
   * (`acks=all`; committed). Rejects with `InfrastructureError` when they may not be: append all
   * of them again, repeats are harmless.
   */
  append(events: readonly LoggedEvent[]): Promise<AppendResult>;
  /**
   * Appends an entry that cannot be read, in its place in the order; it becomes a dead letter. Same
   * promise as `append`.
   */
  bury(entry: UnreadableEntry): Promise<AppendResult>;
  ping(): Promise<void>;
  close(): Promise<void>;
}

/** Applies a batch of records in one transaction; rejects when the database is away. */
export type ApplyRecords = (records: readonly LogRecord[]) => Promise<ApplyResult>;
