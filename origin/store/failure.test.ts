import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it } from 'vitest';
import { databaseAway, failureKind, isDuplicate } from './failure.ts';

const coded = (properties: object) => Object.assign(new Error('x'), properties);

describe('what a failure means', () => {
  it.each([
    [{ errno: 1213, code: 'ER_LOCK_DEADLOCK' }, 'conflict'],
    [{ errno: 1205, code: 'ER_LOCK_WAIT_TIMEOUT' }, 'conflict'],
    [{ errno: 1406, code: 'ER_DATA_TOO_LONG' }, 'data'],
    [{ errno: 1062, code: 'ER_DUP_ENTRY' }, 'data'],
    [{ errno: 1053, code: 'ER_SERVER_SHUTDOWN' }, 'away'],
    [{ errno: 1064, code: 'ER_PARSE_ERROR' }, 'surprise'],
    [{ errno: -111, code: 'ECONNREFUSED' }, 'away'],
    [{ code: 'ETIMEDOUT' }, 'away'],
    [{ code: 'PROTOCOL_CONNECTION_LOST', fatal: true }, 'away'],
    [{ fatal: true }, 'away'],
    [{ name: 'TimeoutError' }, 'away'],
    [{ errcode: 5 }, 'conflict'],
    [{ errcode: 261 }, 'conflict'],
    [{ errcode: 275 }, 'data'],
    [{ errcode: 13 }, 'away'],
    [{ errcode: 1 }, 'surprise'],
    [{}, 'surprise'],
  ])('%j: %s', (properties, kind) => {
    expect(failureKind(coded(properties))).toBe(kind);
  });

  it('knows a duplicate key of SQLite and of MySQL', () => {
    const database = new DatabaseSync(':memory:');
    database.exec('create table t (id text primary key); insert into t values (1)');
    let failure: unknown;
    try {
      database.exec('insert into t values (1)');
    } catch (error) {
      failure = error;
    }
    expect([isDuplicate(failure), failureKind(failure)]).toEqual([true, 'data']);
    expect(isDuplicate(coded({ errno: 1062 }))).toBe(true);
    expect(isDuplicate(coded({ errno: 1406 }))).toBe(false);
  });

  it('keeps the cause of a database that is away', () => {
    const cause = coded({ code: 'ECONNREFUSED' });
    expect(databaseAway(cause)).toMatchObject({ code: 'database-away', retriable: true, cause });
  });
});
