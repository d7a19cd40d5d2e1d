import { expect, it } from 'vitest';
import { withDedup } from './dedup.ts';

const result = { persisted: ['sku-1'], deadLetters: 0, stalled: [] };

it('marks what was written, after it was written', async () => {
  const order: string[] = [];
  const apply = withDedup(
    async () => {
      order.push('commit');
      return result;
    },
    {
      mark: async (ids) => void order.push(`mark ${ids}`),
      onFailure: () => order.push('failure'),
    },
  );
  expect(await apply([])).toEqual(result);
  expect(order).toEqual(['commit', 'mark sku-1']);
});

it('writes all the same when the marks cannot be set', async () => {
  const failures: unknown[] = [];
  const apply = withDedup(async () => result, {
    mark: () => Promise.reject(new Error('redis is away')),
    onFailure: (error) => failures.push(error),
  });
  expect(await apply([])).toEqual(result);
  await Promise.resolve();
  expect(failures).toHaveLength(1);
});

it('marks nothing when nothing was written, or when the database is away', async () => {
  let marks = 0;
  const mark = async () => {
    marks += 1;
  };
  const options = { mark, onFailure: () => undefined };
  await withDedup(async () => ({ ...result, persisted: [] }), options)([]);
  await expect(withDedup(() => Promise.reject(new Error('away')), options)([])).rejects.toThrow();
  expect(marks).toBe(0);
});
