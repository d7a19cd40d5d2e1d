// The restore's part of the port over MikroORM, and through the process that owns a SQLite file.
import { lastTerm, raiseTerms, readmitActivity } from './operations/restore.ts';
import type { Em } from './orm.ts';
import type { Caller } from './process-client.ts';
import type { RestoreStore } from './restore-port.ts';

type Unit = <Answer>(work: (em: Em) => Promise<Answer>) => Promise<Answer>;

export const restoreOver = ({ read, change }: { read: Unit; change: Unit }): RestoreStore => ({
  readmitActivity: (readmit) => change((em) => readmitActivity(em, readmit)),
  lastTerm: (job) => read((em) => lastTerm(em, job)),
  raiseTerms: (raise) => change((em) => raiseTerms(em, raise)),
});

export const restoreThrough = (call: Caller): RestoreStore => ({
  readmitActivity: (readmit) => call('readmitActivity', readmit),
  lastTerm: (job) => call('lastTerm', job),
  raiseTerms: (raise) => call('raiseTerms', raise),
});
