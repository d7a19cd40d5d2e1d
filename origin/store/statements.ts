// Statements of one transaction, one after the other, each made while the database is busy with the
// one before it: its idle time between two of them is what the connection takes, not what a
// thousand rows take to be put into words.
import { setImmediate as turn } from 'node:timers/promises';
import type { Em } from './orm.ts';

export interface Statement {
  readonly sql: string;
  /** For the `?` of it, as the driver takes them. */
  readonly parameters: readonly unknown[];
}

type Query = Extract<
  Parameters<ReturnType<Em['getKysely']>['executeQuery']>[0],
  { readonly sql: string }
>;

/**
 * In the transaction of `em`. Rejects with the driver's error at the first statement that fails:
 * none is sent after it, and at most one has been made in vain.
 */
export async function runInTurn(em: Em, statements: Iterator<Statement>): Promise<void> {
  for (let next = statements.next(); next.done !== true; ) {
    [next] = await Promise.all([makeNext(statements), send(em, next.value)]);
  }
}

/** Not before what was made last is on its way. */
async function makeNext(statements: Iterator<Statement>): Promise<IteratorResult<Statement>> {
  await turn();
  return statements.next();
}

function send(em: Em, { sql, parameters }: Statement): Promise<unknown> {
  const query: Query = {
    query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
    queryId: { queryId: '' },
    ...{ sql, parameters },
  };
  return em.getKysely().executeQuery(query);
}
