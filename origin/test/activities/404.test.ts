import { afterAll, beforeAll, expect, it } from 'vitest';
import { mintUlid } from '../../../shared/order-id.ts';
import { type ActivityApi, openActivityApi } from './activity-api.ts';

let api: ActivityApi;
beforeAll(async () => {
  api = await openActivityApi();
});
afterAll(() => api.close());

it.each([mintUlid(1), 'x', '__proto__', "'%20or%201=1", '%00', 'a'.repeat(200)])(
  'unknown activity %s',
  async (activityId) => {
    const answer = await api.get(activityId);
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: '/problems/unknown-activity' });
  },
);
