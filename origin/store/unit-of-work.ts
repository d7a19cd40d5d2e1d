// One unit of work: a fork of the entity manager, a deadline, another attempt where another
// transaction won, and failures in the origin's own words.
import { setTimeout as pause } from 'node:timers/promises';
import { databaseAway, failureKind, isDuplicate } from './failure.ts';
import type { Em, Orm } from './orm.ts';

export interface UnitOptions {
  /** Whole unit, attempts included. Default 10,000 ms. */
  readonly deadlineMs?: number;
  /** A key that another made first: begin anew and find it, or (default) the caller's affair. */
  readonly onDuplicate?: 'begin-anew' | 'reject';
}

const DEADLINE_MS = 10_000;
const MAX_ATTEMPTS = 8;
const MAX_PAUSE_MS = 40;

/**
 * Runs `work` in a fork of its own. Deadlocks and lock timeouts begin the unit anew, up to eight
 * times; a database that is away, stuck or still in conflict then is an `InfrastructureError`, and
 * what was asked may or may not have happened.
 */
export async function inUnit<Answer>(
  orm: Orm,
  work: (em: Em) => Promise<Answer>,
  options: UnitOptions = {},
): Promise<Answer> {
  const signal = AbortSignal.timeout(options.deadlineMs ?? DEADLINE_MS);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await attemptUntil(signal, orm, work);
    } catch (error) {
      const isRace = options.onDuplicate === 'begin-anew' && isDuplicate(error);
      const kind = isRace && attempt < MAX_ATTEMPTS ? 'conflict' : failureKind(error);
      if (kind === 'data' || kind === 'surprise') throw error;
      if (kind === 'away' || attempt >= MAX_ATTEMPTS || signal.aborted) throw databaseAway(error);
      await pause(Math.random() * MAX_PAUSE_MS);
    }
  }
}

/** As `inUnit`, in one transaction. */
export function inTransaction<Answer>(
  orm: Orm,
  work: (em: Em) => Promise<Answer>,
  options: UnitOptions = {},
): Promise<Answer> {
  return inUnit(orm, (em) => em.transactional((inner) => work(inner)), options);
}

/** The race ends the wait for a free connection too; a query's own end is the connection's affair. */
async function attemptUntil<Answer>(
  signal: AbortSignal,
  orm: Orm,
  work: (em: Em) => Promise<Answer>,
): Promise<Answer> {
  const late = Promise.withResolvers<never>();
  const onAbort = () => late.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    const em: Em = orm.em.fork();
    return await Promise.race([work(em), late.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
