// An administrator's edit of an activity, from what was asked to what became of it.
import type { Refusal } from '../../shared/refusal.ts';
import type { ActivityAction, ChangeActivity } from '../store/activities-port.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { type ActivityBodyResult, parseActivityBody } from './body.ts';
import {
  type Decision,
  decideRemoval,
  decideReplacement,
  decideTransition,
  hasEnded,
  isFixed,
  type Transition,
} from './decide.ts';
import type { KeptStock } from './keep-terms.ts';
import { entityTag, isDemandedBy } from './versions.ts';

export interface EditParts {
  readonly store: Pick<Store, 'findActivity' | 'changeActivity'>;
  readonly redis: EditsInRedis;
  /** Hears of every change before its maker does, so that nothing waits for the next round. */
  readonly onChanged: (activity: ActivityRow) => void;
}

/** What an edit has to do with the two Redis. None of it rejects. */
export interface EditsInRedis {
  /** Units reserved or paid, as far as anybody knows. */
  readonly soldOf: (row: ActivityRow) => Promise<number>;
  /**
   * Whether anybody has entered the draw. Where nobody has, nobody can from now on until the
   * draw's leader has seen the edit.
   */
  readonly hasEntries: (row: ActivityRow) => Promise<boolean>;
  /** Brings the new terms, and where it has changed the stock, to where units are sold. */
  readonly carry: (row: ActivityRow, before: ActivityRow) => Promise<KeptStock>;
}

export interface Edit {
  readonly activityId: string;
  readonly actor: string;
  readonly now: number;
}

export type EditResult =
  | { readonly kind: 'activity'; readonly activity: ActivityRow }
  | { readonly kind: 'refusal'; readonly refusal: Refusal };

/** Of calls that name no version; each attempt follows a change that somebody else made. */
const MAX_ATTEMPTS = 10;
const RETRY_AFTER_SECONDS = 1;

export async function replaceActivity(
  parts: EditParts,
  edit: Edit & { readonly body: unknown; readonly ifMatch: string | undefined },
): Promise<EditResult> {
  const malformed = parseActivityBody(edit.body, { createdAt: edit.now });
  if (malformed.kind === 'malformed') return refuse(malformed);
  const found = await find(parts, edit);
  if (found.kind === 'refusal') return found;
  const row = found.activity;
  const hasEntries = await enteredBefore(parts, row, edit.now);
  const facts = { nowMs: edit.now, hasEntries, sold: await parts.redis.soldOf(row) };
  const parsed = parseFor(row, edit.body, isFixed(row, facts));
  if (parsed.kind !== 'terms') return refuse(parsed);
  const decision = decideReplacement(row, parsed.terms, facts);
  return await carryOut(parts, edit, { row, decision, action: 'replace' });
}

function parseFor(row: ActivityRow, body: unknown, fixed: boolean): ActivityBodyResult {
  const { createdAt, capacity } = row;
  return parseActivityBody(body, { createdAt, ...(fixed ? { fixedCapacity: capacity } : {}) });
}

export async function removeActivity(
  parts: EditParts,
  edit: Edit & { readonly ifMatch: string | undefined },
): Promise<EditResult> {
  const found = await find(parts, edit);
  if (found.kind === 'refusal') return found;
  const row = found.activity;
  const hasEntries = await enteredBefore(parts, row, edit.now);
  const decision = decideRemoval(row, { nowMs: edit.now, hasEntries });
  return await carryOut(parts, edit, { row, decision, action: 'delete', isDeleted: true });
}

/** Names no version: whatever was changed meanwhile, it is paused, goes on or ends. */
export async function moveActivity(
  parts: EditParts,
  edit: Edit & { readonly to: Transition },
): Promise<EditResult> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt += 1) {
    const row = await parts.store.findActivity(edit.activityId);
    if (row === undefined || row.deletedAt !== null) return refuse({ kind: 'unknown-activity' });
    const decision = decideTransition(row, edit.to, edit.now);
    const result = await carryOut(parts, edit, { row, decision, action: edit.to });
    if (result.kind === 'activity' || result.refusal.kind !== 'version-conflict') return result;
  }
  return refuse({ kind: 'busy', retryAfterSeconds: RETRY_AFTER_SECONDS });
}

async function find(
  { store }: EditParts,
  { activityId, ifMatch }: Edit & { readonly ifMatch: string | undefined },
): Promise<EditResult> {
  const row = await store.findActivity(activityId);
  if (row === undefined || row.deletedAt !== null) return refuse({ kind: 'unknown-activity' });
  if (ifMatch === undefined) return refuse({ kind: 'if-match-required' });
  if (!isDemandedBy(entityTag(row), ifMatch)) return refuse({ kind: 'version-conflict' });
  return { kind: 'activity', activity: row };
}

/** Asked only while it matters: before the start of an activity that has a draw. */
async function enteredBefore(
  { redis }: EditParts,
  row: ActivityRow,
  nowMs: number,
): Promise<boolean> {
  if (!row.draw || nowMs >= row.startAt || hasEnded(row, nowMs)) return false;
  return await redis.hasEntries(row);
}

interface Decided {
  readonly row: ActivityRow;
  readonly decision: Decision;
  readonly action: ActivityAction;
  readonly isDeleted?: boolean;
}

async function carryOut(
  { store, redis, onChanged }: EditParts,
  { activityId, actor, now }: Edit,
  { row, decision, action, isDeleted = false }: Decided,
): Promise<EditResult> {
  if (decision.kind === 'refuse') return refuse(decision.refusal);
  if (decision.kind === 'unchanged') return { kind: 'activity', activity: row };
  const { members } = decision;
  const change: ChangeActivity = {
    ...{ activityId, version: row.version, members, isDeleted, action, actor, now },
  };
  const answer = await store.changeActivity(change);
  if (answer.kind === 'conflict') return refuse({ kind: 'version-conflict' });
  if (answer.kind !== 'changed') return refuse(answer);
  const kept = await redis.carry(answer.activity, row);
  onChanged(answer.activity);
  if (kept.kind === 'below-sold') return refuse({ kind: 'below-sold', sold: kept.sold });
  return { kind: 'activity', activity: answer.activity };
}

const refuse = (refusal: Refusal): EditResult => ({ kind: 'refusal', refusal });
