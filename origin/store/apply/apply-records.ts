// The writer's step: a batch of records becomes rows in one transaction.
import { failureKind, isDuplicate } from '../failure.ts';
import type { Orm } from '../orm.ts';
import type { ApplyResult, LogRecord, OversoldOrder } from '../store.ts';
import { inTransaction } from '../unit-of-work.ts';
import { planBatch } from './plan.ts';
import { lockActivities, lookUp } from './read-view.ts';
import type { Candidate } from './view.ts';
import { writePlan } from './write-plan.ts';

const NOTHING: ApplyResult = { persisted: [], deadLetters: 0, stalled: [] };

/**
 * A batch that the database refuses for its data is halved, in order, until the bad record stands
 * alone; that becomes a dead letter. Rejects with `InfrastructureError` when the database is away:
 * what was committed by then is skipped when the batch comes again.
 */
export async function applyRecords(orm: Orm, records: readonly LogRecord[]): Promise<ApplyResult> {
  if (records.length === 0) return NOTHING;
  try {
    return await applyOnce(
      orm,
      records.map((record) => ({ record })),
    );
  } catch (error) {
    if (failureKind(error) !== 'data') throw error;
    const [first] = records;
    if (records.length === 1 && first !== undefined) {
      const refusal = `refused by the database: ${error instanceof Error ? error.message : error}`;
      return await applyOnce(orm, [{ record: first, refusal }]);
    }
    const half = Math.ceil(records.length / 2);
    const one = await applyRecords(orm, records.slice(0, half));
    const two = await applyRecords(orm, records.slice(half));
    return {
      persisted: [...one.persisted, ...two.persisted],
      deadLetters: one.deadLetters + two.deadLetters,
      stalled: [...new Set([...one.stalled, ...two.stalled])],
      ...oversoldOf([...(one.oversold ?? []), ...(two.oversold ?? [])]),
    };
  }
}

const oversoldOf = (oversold: readonly OversoldOrder[]): Pick<ApplyResult, 'oversold'> =>
  oversold.length === 0 ? {} : { oversold };

/**
 * Most batches are reservations in sequence, which nothing needs to be looked up for. Where such an
 * order has a row all the same (a newer epoch may revive it), the insert says so, and the batch is
 * decided again with open eyes.
 */
async function applyOnce(orm: Orm, candidates: readonly Candidate[]): Promise<ApplyResult> {
  try {
    return await applyTo(orm, candidates, 'if-not-straight');
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return applyTo(orm, candidates, 'always');
  }
}

function applyTo(
  orm: Orm,
  candidates: readonly Candidate[],
  looks: 'if-not-straight' | 'always',
): Promise<ApplyResult> {
  return inTransaction(orm, async (em) => {
    let view = await lockActivities(em, candidates);
    let plan = planBatch(candidates, view);
    if (looks === 'always' || !plan.isStraight) {
      view = await lookUp(em, candidates, view);
      plan = planBatch(candidates, view);
    }
    await writePlan(em, { plan, before: view, now: Date.now() });
    return {
      persisted: plan.inserts.map((row) => row.orderId),
      deadLetters: plan.deadLetters.length,
      stalled: plan.stalled,
      ...oversoldOf(plan.oversold),
    };
  });
}
