// Dead letters as the database keeps them, and what an operator may decide about them.
import type { OrderStatus } from '../../shared/words.ts';

export interface DeadLetterRow {
  readonly id: number;
  readonly activityId: string | null;
  readonly skuId: string | null;
  readonly orderId: string | null;
  readonly epoch: number | null;
  readonly seq: number | null;
  readonly text: string;
  readonly reason: string;
  readonly position: string;
  readonly attempts: number;
  readonly createdAt: number;
}

/** With its type and what was decided: null while it waits for a decision. */
export interface DecidableLetter extends DeadLetterRow {
  readonly type: string | null;
  readonly quantity: number;
  readonly decision: 'replayed' | 'discarded' | null;
  readonly decidedAt: number | null;
}

export type LetterDecision =
  | { readonly kind: 'discard' }
  /** `status`: what the inventory Redis says of the order now; null when it does not know it. */
  | { readonly kind: 'replay'; readonly status: OrderStatus | null };

export type DecisionAnswer =
  /** All letters of the order went with it. `status`: of the order's row now; null without a row. */
  | {
      readonly kind: 'decided';
      readonly letters: readonly number[];
      readonly activityId: string | null;
      readonly status: OrderStatus | null;
    }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'decided-before'; readonly decision: 'replayed' | 'discarded' }
  /** It cannot be written now either; a sentence says why. */
  | { readonly kind: 'unwritable'; readonly why: string };

export interface DeadLetterPort {
  /** Dead letters not yet copied to the dead-letter topic, oldest first. */
  deadLettersToCopy(limit: number): Promise<readonly DeadLetterRow[]>;
  markDeadLettersCopied(ids: readonly number[]): Promise<void>;
  /** Oldest first, at most 1,000 a page. */
  deadLettersPage(page: {
    readonly afterId: number;
    readonly limit: number;
    readonly activityId?: string | undefined;
    readonly which: 'undecided' | 'all';
  }): Promise<readonly DecidableLetter[]>;
  findDeadLetter(id: number): Promise<DecidableLetter | undefined>;
  /** In one transaction with the rows, `applied` and the ledger; safe to repeat. */
  decideDeadLetter(decide: {
    readonly id: number;
    readonly decision: LetterDecision;
  }): Promise<DecisionAnswer>;
}
