// The database's side of managing activities: every change with its audit row, in one transaction.
import type { ActivityTerms } from '../../shared/activity.ts';
import type { ActivityState } from '../../shared/words.ts';
import type { ActivityRow } from './store.ts';

/** What was done to an activity; `adjust` puts a stock back that more had been sold of,
 * `forget` takes a user's name off orders, `restore` readies it behind a backup. */
export const ACTIVITY_ACTIONS = [
  'create',
  'replace',
  'pause',
  'resume',
  'end',
  'delete',
  'adjust',
  'close',
  'forget',
  'restore',
] as const;
export type ActivityAction = (typeof ACTIVITY_ACTIONS)[number];

/** Each changed member, as it was and as it is; times in epoch ms. */
export type ActivityDiff = Readonly<Record<string, readonly [before: unknown, after: unknown]>>;

/** One audit row. */
export interface ActivityChange {
  readonly action: ActivityAction;
  /** `sub` of the administrator; `system` for what the origin does by itself. */
  readonly actor: string;
  readonly at: number;
  /** The activity's version behind this change. */
  readonly version: number;
  readonly diff: ActivityDiff;
}

export interface ChangeActivity {
  readonly activityId: string;
  /** The version that the change was decided on. */
  readonly version: number;
  readonly members: Partial<ActivityTerms & { readonly paused: boolean }>;
  /** Nobody sees it any more; its keys are removed as if it had ended now. */
  readonly isDeleted?: boolean;
  readonly action: ActivityAction;
  readonly actor: string;
  readonly now: number;
}

export type ChangeAnswer =
  | { readonly kind: 'changed'; readonly activity: ActivityRow }
  /** Another change came first. */
  | { readonly kind: 'conflict' }
  /** Another activity of the SKU covers part of the time. */
  | { readonly kind: 'overlap'; readonly activityId: string }
  /** It would sell at once, and the keys of its SKU still serve a former activity. */
  | { readonly kind: 'former-activity-open'; readonly activityId: string };

export interface ActivitiesPage {
  readonly state?: ActivityState;
  readonly skuId?: string;
  readonly limit: number;
  /** The last one of the page before. */
  readonly after?: { readonly createdAt: number; readonly activityId: string };
  /** Epoch ms; states are told for this moment. */
  readonly now: number;
}

export interface ActivitiesStore {
  /** Writes the audit row too. Nothing is changed by any answer but `changed`. */
  changeActivity(change: ChangeActivity): Promise<ChangeAnswer>;
  /** Newest first, without deleted ones. */
  activitiesPage(page: ActivitiesPage): Promise<readonly ActivityRow[]>;
  /** Oldest first, at most 1,000. */
  activityHistory(activityId: string): Promise<readonly ActivityChange[]>;
  /**
   * LOADED → CLOSING: from then on the activity's orders are changed in the database only. Demands
   * that the activity has ended, that this epoch is open and no rebuild is under way, that the
   * writer has applied `seq`, and that nothing is pending; else says what is in the way.
   */
  beginClosing(closing: {
    readonly activityId: string;
    readonly epoch: number;
    readonly seq: number;
    readonly now: number;
  }): Promise<
    | { readonly kind: 'closing'; readonly activity: ActivityRow }
    | {
        readonly kind: 'open';
        readonly why: 'not-loaded' | 'not-ended' | 'rebuild' | 'lag' | 'pending' | 'dead-letters';
      }
  >;
  /** CLOSING, or SCHEDULED and ended → CLOSED. Repeated the same. */
  markClosed(close: { readonly activityId: string; readonly now: number }): Promise<void>;
}
