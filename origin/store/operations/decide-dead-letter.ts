import { eventOf, planDiscard, planReplay } from '../apply/decide-letter.ts';
import { lockActivities, lookUp } from '../apply/read-view.ts';
import type { Candidate } from '../apply/view.ts';
import { writePlan } from '../apply/write-plan.ts';
import type { DeadLetterPort, DecidableLetter, DecisionAnswer } from '../dead-letter-port.ts';
import { DeadLetterEntity } from '../entities/dead-letter.ts';
import type { Em } from '../orm.ts';
import { decidableLetter } from './dead-letters.ts';

const MAX_LETTERS_OF_ORDER = 100;

type Decide = Parameters<DeadLetterPort['decideDeadLetter']>[0];

export async function decideDeadLetter(em: Em, { id, decision }: Decide): Promise<DecisionAnswer> {
  const named = await em.findOne(DeadLetterEntity, { id });
  if (named === null) return { kind: 'unknown' };
  const asked = decidableLetter(named);
  const candidates = candidateOf(asked);
  // The lock first: a writer and another operator wait behind it.
  const locked = await lockActivities(em, candidates);
  em.clear();
  const letters = await lettersWith(em, asked);
  const own = letters.find((letter) => letter.id === id);
  if (own === undefined) return decidedBefore(em, id);
  if (letters[0]?.id !== id) {
    const why = `belongs to the reservation that is letter ${letters[0]?.id}: decide about that one`;
    return { kind: 'unwritable', why };
  }
  const view = await lookUp(em, candidates, locked);
  const now = Date.now();
  if (decision.kind === 'discard') {
    await writePlan(em, { plan: planDiscard(view, letters), before: view, now });
  } else {
    const planned = planReplay(view, letters, decision.status);
    if (planned.kind === 'unwritable') return planned;
    await writePlan(em, { plan: planned.plan, before: view, now });
  }
  const ids = letters.map((letter) => letter.id);
  await em.nativeUpdate(
    DeadLetterEntity,
    { id: { $in: ids }, decision: null },
    { decision: decision.kind === 'discard' ? 'discarded' : 'replayed', decidedAt: now },
  );
  const [row] = await em.execute<{ status: 'PENDING' | 'PAID' | 'CANCELLED' }[]>(
    'select status from orders where order_id = ?',
    [asked.orderId],
  );
  const { activityId } = asked;
  return { kind: 'decided', letters: ids, activityId, status: row?.status ?? null };
}

function candidateOf(letter: DecidableLetter): Candidate[] {
  const event = eventOf(letter);
  if (event === undefined) return [];
  return [{ record: { kind: 'event', event, position: letter.position } }];
}

/** Undecided letters of the same order, in the order of their numbers; else the letter alone. */
async function lettersWith(em: Em, asked: DecidableLetter): Promise<DecidableLetter[]> {
  const { id, orderId, activityId } = asked;
  const records = await em.find(
    DeadLetterEntity,
    orderId === null ? { id, decision: null } : { orderId, activityId, decision: null },
    { orderBy: { epoch: 'asc', seq: 'asc', id: 'asc' }, limit: MAX_LETTERS_OF_ORDER },
  );
  return records.map(decidableLetter);
}

async function decidedBefore(em: Em, id: number): Promise<DecisionAnswer> {
  const decided = await em.findOne(DeadLetterEntity, { id });
  const decision = decided?.decision;
  if (decision !== 'replayed' && decision !== 'discarded') return { kind: 'unknown' };
  return { kind: 'decided-before', decision };
}
