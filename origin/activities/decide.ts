// What becomes of an administrator's edit: pure, decided on one version of the activity.
import type { ActivityTerms } from '../../shared/activity.ts';
import type { FieldError } from '../../shared/field-error.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { ChangeActivity } from '../store/activities-port.ts';
import type { ActivityRow } from '../store/store.ts';

export interface EditFacts {
  readonly nowMs: number;
  /** Whether anybody has entered the draw. */
  readonly hasEntries: boolean;
  /** Units reserved or paid. */
  readonly sold: number;
}

export type Members = ChangeActivity['members'];
export type Decision =
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'change'; readonly members: Members }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

export const TRANSITIONS = ['pause', 'resume', 'end'] as const;
export type Transition = (typeof TRANSITIONS)[number];

/** Fixed from the first draw entry or the start; a draw's beacon is part of its draw. */
const FIXED = [
  'skuId',
  'price',
  'currency',
  'limitPerUser',
  'startAt',
  'entryOpensAt',
  'ratePerSecond',
  'capacity',
  'ticketWindowSeconds',
  'paymentWindowSeconds',
  'draw',
  'beacon',
] as const;
const EDITABLE = ['stock', 'title', 'endAt', 'queueLimit', 'challengeAt', 'denyAt'] as const;

type Facts = Pick<EditFacts, 'nowMs' | 'hasEntries'>;

/** From the first draw entry or the start on people rely on the terms. */
export const isFixed = ({ startAt }: ActivityRow, { nowMs, hasEntries }: Facts): boolean =>
  nowMs >= startAt || hasEntries;

export const hasEnded = (row: ActivityRow, nowMs: number): boolean =>
  row.state === 'CLOSING' || row.state === 'CLOSED' || nowMs >= row.endAt;

export function decideReplacement(
  row: ActivityRow,
  terms: ActivityTerms,
  facts: EditFacts,
): Decision {
  const changed = [...FIXED, ...EDITABLE].filter((member) => row[member] !== terms[member]);
  if (changed.length === 0) return { kind: 'unchanged' };
  if (isFixed(row, facts)) {
    if (terms.endAt < row.endAt) return refuse({ kind: 'invalid', errors: [EARLIER_END] });
    const fixed = FIXED.filter((member) => changed.includes(member));
    if (fixed.length > 0) return refuse({ kind: 'immutable-field', errors: fixedErrors(fixed) });
  }
  if (hasEnded(row, facts.nowMs)) return refuse({ kind: 'ended' });
  if (terms.stock < facts.sold) return refuse({ kind: 'below-sold', sold: facts.sold });
  return {
    kind: 'change',
    members: Object.fromEntries(changed.map((member) => [member, terms[member]])),
  };
}

export function decideTransition(row: ActivityRow, to: Transition, nowMs: number): Decision {
  if (hasEnded(row, nowMs)) return to === 'end' ? { kind: 'unchanged' } : refuse({ kind: 'ended' });
  if (to === 'end') return { kind: 'change', members: { endAt: nowMs } };
  const paused = to === 'pause';
  if (row.paused === paused) return { kind: 'unchanged' };
  return { kind: 'change', members: { paused } };
}

export function decideRemoval(row: ActivityRow, facts: Facts): Decision {
  const isLive = isFixed(row, facts) && !hasEnded(row, facts.nowMs);
  return isLive ? refuse({ kind: 'activity-live' }) : { kind: 'change', members: {} };
}

const EARLIER_END: FieldError = {
  pointer: '/endAt',
  code: 'out-of-range',
  detail: 'From the start on the end can only be moved to a later time.',
};

function fixedErrors(members: readonly (typeof FIXED)[number][]): FieldError[] {
  const names = new Set(members.map((member) => (member === 'beacon' ? 'draw' : member)));
  return [...names].map((name) => ({
    pointer: `/${name}`,
    code: 'fixed',
    detail: 'Fixed from the first draw entry or the start.',
  }));
}

const refuse = (refusal: Refusal): Decision => ({ kind: 'refuse', refusal });
