// Plain multi-row inserts. For MySQL the values are written into the statement here, by the driver's
// own rules, so that it can be done ahead; the driver would do it when the statement is due.
import { MySqlDriver } from '@mikro-orm/mysql';
import type { Em } from './orm.ts';
import type { Statement } from './statements.ts';

type Row = readonly (string | number | null)[];

export interface Insert<Source> {
  /** A table and its columns, as many as each row has values. */
  readonly into: string;
  readonly rows: readonly Source[];
  readonly values: (row: Source) => Row;
  /** Rows of one statement. */
  readonly size: number;
}

export function* insertsOf<Source>(em: Em, insert: Insert<Source>): Generator<Statement> {
  const { into, rows, values, size } = insert;
  const isMysql = em.getDriver() instanceof MySqlDriver;
  for (let at = 0; at < rows.length; at += size) {
    const chunk = rows.slice(at, at + size).map(values);
    yield isMysql ? inWords(em, into, chunk) : inPlaces(into, chunk);
  }
}

function inPlaces(into: string, rows: readonly Row[]): Statement {
  const places = rows.map((row) => `(${row.map(() => '?').join(',')})`).join(',');
  return { sql: `insert into ${into} values ${places}`, parameters: rows.flat() };
}

/** One place for all of it: the driver searches the statement for places, not what fills them. */
function inWords(em: Em, into: string, rows: readonly Row[]): Statement {
  const words = em.getPlatform().escape(rows);
  return { sql: `insert into ${into} values ?`, parameters: [{ toSqlString: () => words }] };
}
