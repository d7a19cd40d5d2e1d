import { expect, it } from 'vitest';
import { mintUlid } from '../../../shared/order-id.ts';
import { openStore } from '../../store/open-store.ts';
import { activityBody, openActivityApi } from './activity-api.ts';

it('unavailable: the database is away, and the answer is fast', async () => {
  const nowhere = {
    host: '127.0.0.1',
    port: 1,
    user: 'flash',
    password: 'flash',
    database: 'none',
  };
  const api = await openActivityApi(await openStore({ kind: 'mysql', ...nowhere }));
  const startedAt = performance.now();
  for (const answer of [await api.post(activityBody()), await api.get(mintUlid(1))]) {
    expect(answer.status).toBe(503);
    expect(answer.body).toMatchObject({ type: '/problems/unavailable' });
    expect(answer.headers['retry-after']).toBe('1');
  }
  expect(performance.now() - startedAt).toBeLessThan(6_000);
  expect(api.created).toEqual([]);
  await api.close();
});
