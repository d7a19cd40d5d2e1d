import { afterAll, beforeAll, expect, it } from 'vitest';
import { connectMysql } from '../../store/open-mysql.ts';
import type { MysqlOrm } from '../../store/orm.ts';
import { runInTurn, type Statement } from '../../store/statements.ts';
import { mysqlTarget } from './stores.ts';

let orm: MysqlOrm;
let lock: string;
beforeAll(async () => {
  const target = await mysqlTarget();
  orm = await connectMysql(target);
  lock = target.database;
  await orm.em.fork().execute('create table noted (what varchar(20) not null)');
});
afterAll(() => orm.close(true));

const note = (what: string): Statement => ({
  ...{ sql: 'insert into noted (what) values (?)', parameters: [what] },
});

it('makes a statement while the database is busy with the one before it', async () => {
  const holder = orm.em.fork();
  await holder.begin();
  await holder.execute('select get_lock(?, 0)', [lock]);
  const made = Promise.withResolvers<void>();
  function* statements(): Generator<Statement> {
    yield { sql: 'select get_lock(?, 600)', parameters: [lock] };
    made.resolve();
    yield { sql: 'select release_lock(?)', parameters: [lock] };
  }
  const release = async () => {
    await made.promise;
    await holder.execute('select release_lock(?)', [lock]);
    await holder.commit();
  };
  await Promise.all([orm.em.fork().transactional((em) => runInTurn(em, statements())), release()]);
});

it('sends them in order, and none after one that failed', async () => {
  const made: string[] = [];
  function* statements(): Generator<Statement> {
    for (const what of ['one', 'two', 'x'.repeat(21), 'three', 'four']) {
      made.push(what);
      yield note(what);
    }
  }
  const em = orm.em.fork();
  await expect(runInTurn(em, statements())).rejects.toThrow('too long');
  expect(await em.execute('select what from noted')).toEqual([{ what: 'one' }, { what: 'two' }]);
  expect(made).not.toContain('four');
});
