// What a failure of a database means to the one who asked, read off the codes of MySQL, MariaDB and
// SQLite (sqlite.org/rescode.html).
import { InfrastructureError } from '../infrastructure-error.ts';

/**
 * `away`: nothing can be known now, ask again later. `conflict`: another transaction won, begin
 * anew. `data`: the database refuses this data whenever it is asked. `surprise`: none of these.
 */
export type FailureKind = 'away' | 'conflict' | 'data' | 'surprise';

const MYSQL: Readonly<Record<number, FailureKind>> = {
  1205: 'conflict', // lock wait timeout
  1213: 'conflict', // deadlock
  1020: 'conflict', // record has changed since last read
  1048: 'data', // null
  1062: 'data', // duplicate
  1264: 'data', // out of range
  1265: 'data', // truncated
  1292: 'data', // incorrect value
  1366: 'data', // incorrect string value
  1406: 'data', // too long
  1690: 'data', // out of range in an expression
  3819: 'data', // check
  4025: 'data', // check (MariaDB)
  1021: 'away', // disk full
  1040: 'away', // too many connections
  1044: 'away', // no access to the database
  1045: 'away', // no access
  1049: 'away', // no such database
  1053: 'away', // server shutdown
  1114: 'away', // table full
  1146: 'away', // no such table: not migrated yet
  1152: 'away', // aborted connection
  1203: 'away', // too many user connections
  1290: 'away', // read only
  1317: 'away', // query interrupted
  1836: 'away', // read only
  1927: 'away', // connection killed
  1969: 'away', // statement timeout (MariaDB)
  3024: 'away', // statement timeout (MySQL)
};

const SQLITE: Readonly<Record<number, FailureKind>> = {
  5: 'conflict', // busy
  6: 'conflict', // locked
  18: 'data', // too big
  19: 'data', // constraint
  20: 'data', // mismatch
  7: 'away', // no memory
  8: 'away', // read only
  10: 'away', // i/o
  13: 'away', // full
  14: 'away', // cannot open
};

const SOCKET =
  /^(ECONN|ETIMEDOUT|EPIPE|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|PROTOCOL_|ABORT_ERR)/;

export function failureKind(error: unknown): FailureKind {
  if (!(error instanceof Error)) return 'surprise';
  if ('errcode' in error && typeof error.errcode === 'number') {
    // The low byte is the primary code; the rest says more.
    return SQLITE[error.errcode & 0xff] ?? 'surprise';
  }
  if ('errno' in error && typeof error.errno === 'number' && error.errno > 0) {
    return MYSQL[error.errno] ?? 'surprise';
  }
  if (error.name === 'AbortError' || error.name === 'TimeoutError') return 'away';
  if ('code' in error && typeof error.code === 'string' && SOCKET.test(error.code)) return 'away';
  if ('fatal' in error && error.fatal === true) return 'away';
  return 'surprise';
}

export const isDuplicate = (error: unknown): boolean =>
  error instanceof Error &&
  (('errno' in error && error.errno === 1062) ||
    ('errcode' in error && (error.errcode === 1555 || error.errcode === 2067)));

export function databaseAway(cause: unknown): InfrastructureError {
  const text = cause instanceof Error ? cause.message : String(cause);
  return new InfrastructureError('database-away', `database away: ${text}`, { cause });
}
