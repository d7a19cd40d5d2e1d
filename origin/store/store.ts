// The port to the database: every question the origin asks it and every change it makes, as named
// operations on plain data. Two things stand behind it: MikroORM on MySQL in this process, and
// MikroORM on SQLite in a process of its own.

import type { ActivityTerms } from '../../shared/activity.ts';
import type { OrderEvent } from '../../shared/order-event.ts';
import type { CancelReason, OrderStatus } from '../../shared/words.ts';
import type { ActivitiesStore } from './activities-port.ts';
import type { DeadLetterPort } from './dead-letter-port.ts';
import type { DrawFacts, DrawsPort } from './draws-port.ts';
import type { LineStore } from './line-port.ts';
import type { LedgerSlice, StoredLedgerPage } from './operations/ledger.ts';
import type { PaymentsStore } from './payments-port.ts';
import type { PeopleStore } from './people-port.ts';
import type { RestoreStore } from './restore-port.ts';
import type { SettingsStore } from './settings-port.ts';

/** The epoch that a load opens; each rebuild takes a higher one. */
export const FIRST_EPOCH = 1;

/** An activity as the database knows it, together with what the writer has applied to it. */
export interface ActivityRow extends ActivityTerms {
  readonly activityId: string;
  /** CLOSING: its keys are being removed, and its orders are changed in the database only. */
  readonly state: 'SCHEDULED' | 'LOADED' | 'CLOSING' | 'CLOSED';
  readonly paused: boolean;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  /** Epoch ms; from then on no administrator sees it. */
  readonly deletedAt: number | null;
  /** The open epoch; 0 before the load. */
  readonly epoch: number;
  /** The Redis server that the open epoch was opened for. */
  readonly runId: string;
  /** The newest epoch that a rebuild has taken; above `epoch` while a rebuild is under way. */
  readonly epochTaken: number;
  /** The newest epoch whose `epoch` event stands in the outbox. */
  readonly epochAnnounced: number;
  /** The highest epoch that somebody wants closed, and why. */
  readonly fenceEpoch: number;
  readonly fenceReason: string | null;
  /** Virtual time and the highest turn given out, as the line's leader last saved them. */
  readonly virtualAt: number;
  readonly frontier: number;
  /** The speed that an operator has pinned the line to; null: the loop decides. */
  readonly speedPin: number | null;
  readonly applied: Applied;
  /** null without a draw. Its seed is secret until it is closed. */
  readonly drawFacts: DrawFacts | null;
}

/** How far the writer has come with an activity. */
export interface Applied {
  readonly epoch: number;
  readonly seq: number;
  readonly sold: number;
  /** The total that the database counts with; moves when an `adjusted` event is applied. */
  readonly stock: number;
  /** The highest epoch in which the writer met what must not be, and what it was. */
  readonly alarmEpoch: number;
  readonly alarm: string | null;
  /** The head of the sale's ledger; null before its first page. */
  readonly ledgerHead: string | null;
}

export interface OrderRow {
  readonly orderId: string;
  readonly activityId: string;
  readonly skuId: string;
  readonly userId: string;
  readonly quantity: number;
  readonly amount: number;
  readonly currency: string;
  readonly status: OrderStatus;
  readonly reason: CancelReason | null;
  readonly epoch: number;
  readonly seq: number;
  readonly createdAt: number;
  readonly payBy: number;
}

/** One record of the order log as its reader found it. */
export type LogRecord =
  | {
      readonly kind: 'event';
      readonly event: OrderEvent;
      readonly traceparent?: string;
      /** Where it stood, for people: `topic/partition/offset` or `outbox/epoch-seq`. */
      readonly position: string;
    }
  | {
      readonly kind: 'unreadable';
      readonly text: string;
      readonly reason: string;
      readonly position: string;
      /** Where it stood in an activity's outbox, if it did. */
      readonly lost?: LostEntry;
    };

/**
 * An entry of an outbox that nobody can read. What it said of orders is lost to the database, as if
 * Redis had lost it: its numbers up to `seq` count as applied, the alarm asks for a rebuild, and
 * later events go on in their order.
 */
export interface LostEntry {
  readonly activityId: string;
  readonly skuId: string;
  readonly epoch: number;
  readonly seq: number;
}

export interface ApplyResult {
  /** Orders that have a row now and had none before this batch. */
  readonly persisted: readonly string[];
  readonly deadLetters: number;
  /** Activities that stand at a gap: nothing of theirs from the gap on was applied. */
  readonly stalled: readonly string[];
  /** Orders above the stock, recorded CANCELLED: what Redis still holds for them must be voided. */
  readonly oversold?: readonly OversoldOrder[];
}

export interface OversoldOrder {
  readonly activityId: string;
  readonly orderId: string;
}

export interface SaleSummary {
  /** All rows, CANCELLED ones too. */
  readonly orders: number;
  /** Units of rows that are not CANCELLED. */
  readonly sold: number;
  readonly byStatus: Readonly<Record<OrderStatus, number>>;
  /** Users whose units not cancelled exceed the activity's limit. */
  readonly overLimit: number;
  readonly deadLetters: number;
}

export interface Store
  extends LineStore,
    ActivitiesStore,
    PaymentsStore,
    DeadLetterPort,
    DrawsPort,
    PeopleStore,
    RestoreStore,
    SettingsStore {
  ping(): Promise<void>;
  close(): Promise<void>;

  insertActivity(activity: {
    readonly activityId: string;
    readonly terms: ActivityTerms;
    readonly now: number;
    /** Whom the audit row names; `system` by default. */
    readonly actor?: string;
  }): Promise<
    | { kind: 'inserted'; activity: ActivityRow }
    | { kind: 'overlap' | 'former-activity-open'; activityId: string }
  >;
  findActivity(activityId: string): Promise<ActivityRow | undefined>;
  /** Every activity that is not CLOSED, oldest start first, at most 5,000. */
  liveActivities(): Promise<readonly ActivityRow[]>;

  /** SCHEDULED → LOADED with epoch 1 and this `runId`, and the `applied` row, in one transaction. */
  markLoaded(load: {
    readonly activityId: string;
    readonly runId: string;
  }): Promise<{ kind: 'loaded'; activity: ActivityRow } | { kind: 'refused' }>;
  /** Asks the rebuild's leader to close `epoch`; keeps the first reason for an epoch. */
  requestFence(fence: {
    readonly activityId: string;
    readonly epoch: number;
    readonly reason: string;
  }): Promise<void>;
  /** A rebuild begins: the next epoch nobody has taken; refused to a term below the last one. */
  takeEpoch(take: {
    readonly activityId: string;
    readonly term: number;
  }): Promise<{ kind: 'taken'; epoch: number } | { kind: 'superseded' }>;
  /** The `epoch` event stands in the outbox: a writer at a gap may go on. */
  announceEpoch(announce: { readonly activityId: string; readonly epoch: number }): Promise<void>;
  /** The rebuild is done: names the open epoch and its server. Only the newest taken epoch opens. */
  openEpoch(open: {
    readonly activityId: string;
    readonly epoch: number;
    readonly term: number;
    readonly runId: string;
  }): Promise<{ kind: 'opened' } | { kind: 'superseded' }>;
  findOrder(orderId: string): Promise<OrderRow | undefined>;
  /** Order ids of a user in an activity that are not CANCELLED, newest first, at most 100. */
  ordersOfUser(of: { readonly activityId: string; readonly userId: string }): Promise<string[]>;
  /** Orders by id, for the rebuild. */
  ordersPage(page: {
    readonly activityId: string;
    readonly afterOrderId: string;
    readonly limit: number;
  }): Promise<readonly OrderRow[]>;
  /** Those of these order ids, at most 10,000, that have no row. */
  ordersWithoutRow(orderIds: readonly string[]): Promise<readonly string[]>;
  /**
   * Units not cancelled of each user who has any order (zero included), by user id. An undecided
   * dead letter of a reservation counts for its user.
   */
  userCountsPage(page: {
    readonly activityId: string;
    readonly afterUserId: string;
    readonly limit: number;
  }): Promise<readonly { userId: string; count: number }[]>;
  /** How many orders of each user expired unpaid and were not lifted, by user id; none: left out. */
  lapsesPage(page: {
    readonly activityId: string;
    readonly afterUserId: string;
    readonly limit: number;
  }): Promise<readonly { userId: string; count: number }[]>;
  /** Units that undecided dead letters of reservations hold. */
  unitsInDeadLetters(activityId: string): Promise<number>;

  /** The writer's step: one transaction for the whole batch (see writer/README). */
  applyRecords(records: readonly LogRecord[]): Promise<ApplyResult>;
  /** Pages of a sale's ledger behind `afterId`, oldest first. */
  ledgerPages(slice: LedgerSlice): Promise<readonly StoredLedgerPage[]>;

  /** A number for a job's leader that grows with each call. */
  nextTerm(job: string): Promise<number>;
  summary(activityId: string): Promise<SaleSummary>;
}
