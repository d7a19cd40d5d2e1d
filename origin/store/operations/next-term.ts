import type { Em } from '../orm.ts';

/** In a transaction: two that make a job's first row meet at its key, and one begins anew. */
export async function nextTerm(em: Em, job: string): Promise<number> {
  const { affectedRows } = await em.execute<{ affectedRows: number }>(
    'update leader_term set term = term + 1 where job = ?',
    [job],
    'run',
  );
  if (affectedRows === 0) {
    await em.execute('insert into leader_term (job, term) values (?, 1)', [job], 'run');
    return 1;
  }
  const [row] = await em.execute<{ term: number }[]>('select term from leader_term where job = ?', [
    job,
  ]);
  if (row === undefined) throw new Error(`the term of ${job} is gone`);
  return row.term;
}
