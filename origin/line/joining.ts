// Who may still join, and what is said of the units that are gone.
import type { ActivityState } from '../../shared/words.ts';

export interface JoiningFacts {
  readonly state: ActivityState;
  /** Free units. */
  readonly stock: number;
  /** Orders that hold units and are not paid. */
  readonly held: number;
  /** Epoch ms at which the first of them runs out of time; null where none is held. */
  readonly firstPayBy: number | null;
  readonly waiting: number;
  readonly queueLimit: number;
  readonly endAt: number;
}

export interface Joining {
  readonly joinable: boolean;
  /** Newcomers are told so. Final unless units may return. */
  readonly soldOut: boolean;
  readonly unitsMayReturn: boolean;
  readonly nextReturnAt: number | null;
}

/**
 * Without a free unit newcomers join only while fewer people wait than units are held: for the
 * others there is nothing to wait for. What returns at the end or later goes back to the shop.
 */
export function joiningOf(facts: JoiningFacts): Joining {
  const { state, stock, held, firstPayBy, waiting, queueLimit, endAt } = facts;
  const isOver = state === 'ENDED' || state === 'CLOSED';
  const unitsMayReturn = !isOver && held > 0 && (firstPayBy === null || firstPayBy < endAt);
  const soldOut = stock <= 0 && !(unitsMayReturn && waiting < held);
  return {
    joinable: state === 'RUNNING' && !soldOut && (waiting === 0 || waiting < queueLimit),
    soldOut,
    unitsMayReturn,
    nextReturnAt: unitsMayReturn ? firstPayBy : null,
  };
}
