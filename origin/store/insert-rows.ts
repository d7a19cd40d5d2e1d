// Plain multi-row inserts, their values handed to the driver as they are. By the ORM's own `execute`
// each value is written into the statement, and the driver then reads all of that text for places to
// fill: a third of what a batch costs this process.
import type { Em } from './orm.ts';

export interface Rows {
  readonly rows: readonly (readonly unknown[])[];
  /** Rows of one statement. */
  readonly size: number;
}

type Query = Extract<
  Parameters<ReturnType<Em['getKysely']>['executeQuery']>[0],
  { readonly sql: string }
>;

/** `into` is a table and its columns, as many as each row has values. In the transaction of `em`; rejects with the driver's error. */
export async function insertRows(em: Em, into: string, { rows, size }: Rows): Promise<void> {
  for (let at = 0; at < rows.length; at += size) {
    const chunk = rows.slice(at, at + size);
    const places = chunk.map((row) => `(${row.map(() => '?').join(',')})`).join(',');
    await em
      .getKysely()
      .executeQuery(queryOf(`insert into ${into} values ${places}`, chunk.flat()));
  }
}

const queryOf = (sql: string, parameters: readonly unknown[]): Query => ({
  query: { kind: 'RawNode', sqlFragments: [sql], parameters: [] },
  queryId: { queryId: '' },
  sql,
  parameters,
});
