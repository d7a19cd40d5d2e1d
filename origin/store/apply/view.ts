// What the writer must know of the database to decide about a batch, and what it decides.
import type { LogRecord, OrderRow, OversoldOrder } from '../store.ts';

/** A record, and the database's own refusal where it has been tried alone already. */
export interface Candidate {
  readonly record: LogRecord;
  readonly refusal?: string;
}

export interface ActivityView {
  readonly epoch: number;
  readonly seq: number;
  readonly sold: number;
  readonly stock: number;
  readonly alarmEpoch: number;
  readonly alarm: string | null;
  /** The newest epoch whose `epoch` event stands in the outbox. */
  readonly epochAnnounced: number;
  /** Whether reservations of it are undecided dead letters. */
  readonly hasDeadLetters: boolean;
  /** The head of its ledger; null before the first page. */
  readonly ledgerHead: string | null;
}

export interface BatchView {
  /** Activities that have been loaded, by id. */
  readonly activities: ReadonlyMap<string, ActivityView>;
  readonly orders: ReadonlyMap<string, OrderRow>;
  /** `deadOrderKey` of orders whose reservation is a dead letter, decided or not. */
  readonly deadOrders: ReadonlySet<string>;
  /** Those of them that nobody has decided about: later events of the order wait with them. */
  readonly heldOrders: ReadonlySet<string>;
  /** Identities of dead letters that stand already. */
  readonly deadIdentities: ReadonlySet<string>;
}

export interface NewDeadLetter {
  readonly identity: string;
  readonly record: LogRecord;
  readonly reason: string;
}

/** Puts a line into words: when its page is made, not while the database waits for what is decided. */
export type NewLine = () => string;

export interface BatchPlan {
  readonly inserts: readonly OrderRow[];
  /** Rows that stand for a new reservation now. */
  readonly revived: readonly OrderRow[];
  /** Rows whose status or reason changed and nothing else. */
  readonly settled: readonly OrderRow[];
  readonly deadLetters: readonly NewDeadLetter[];
  readonly activities: ReadonlyMap<string, ActivityView>;
  readonly stalled: readonly string[];
  readonly oversold: readonly OversoldOrder[];
  /** What the batch adds to the ledgers, by activity. */
  readonly ledger: ReadonlyMap<string, readonly NewLine[]>;
  /** Only due records, of activities without dead letters: no row needed to be looked up. */
  readonly isStraight: boolean;
}

/** With its activity: a record of an activity that nobody knows must not touch another's order. */
export const deadOrderKey = (activityId: string, orderId: string): string =>
  `${activityId} ${orderId}`;
