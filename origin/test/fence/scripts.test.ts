// Each step of a rebuild demands the mark of the step before it, and may be repeated.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { newSku, openRedis } from '../../../lua/real-redis.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { dueScore, placesField } from '../../orders/order-batch.ts';
import type { Redis } from '../../redis/client.ts';
import { rebuildScripts } from './fence-world.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const scripts = rebuildScripts();
const LATER = Date.now() + 3_600_000;
const MARK = '5 3 aaaa';

/** The activity's hash with this mark, and every step upon it. */
async function under(mark: string, facts: Record<string, string> = {}) {
  const skuId = newSku();
  const { activity, outbox, stock, sold, sequence, pending, orders, lapsed } = inventoryKeys;
  const key = activity(skuId);
  await redis.hset(key, { id: 'act', epoch: '2', fence: mark, ...facts });
  const ulid = mintUlid(Date.now());
  const loadArguments = ['act', 3, 10, 0, LATER, 1, 500, 'EUR', 1_000, LATER];
  const counters = [stock(skuId), sold(skuId), sequence(skuId), pending(skuId), lapsed(skuId)];
  const order = [key, pending(skuId), orders(skuId), inventoryKeys.orderStatus({ skuId, ulid })];
  const user = inventoryKeys.userPurchase(skuId, 'ann');
  const bobs = inventoryKeys.userPurchase(skuId, 'bob');
  const forgotten = inventoryKeys.orderStatus({ skuId, ulid: 'gone' });
  return {
    ...{ skuId, ulid },
    mark: () => redis.hget(key, 'fence'),
    keys: async () => (await redis.keys(`*{${skuId}}*`)).length,
    close: (term: number, epoch: number) =>
      scripts.closeFence.run(redis, [key], ['act', term, epoch, 'aaaa']),
    steps: {
      appendEpoch: () => scripts.appendEpoch.run(redis, [key, outbox(skuId)], [MARK, 3]),
      restoreStock: () =>
        scripts.restoreStock.run(redis, [key, ...counters], [...loadArguments, 4, MARK, 1]),
      restoreOrders: () =>
        scripts.restoreOrders.run(redis, order, [
          ...[MARK, LATER, '3r', '3r0', 'text', dueScore(LATER, 1), 1, ulid, 'PENDING', LATER],
        ]),
      forgetOrders: () =>
        scripts.forgetOrders.run(redis, [key, orders(skuId), forgotten, bobs], [MARK, 'gone']),
      restoreUsers: () => scripts.restoreUsers.run(redis, [key, user], [MARK, LATER, 1]),
      restoreLapses: () =>
        scripts.restoreLapses.run(redis, [key, lapsed(skuId)], [MARK, LATER, 'ann', 2]),
      openFence: () => scripts.openFence.run(redis, [key], [MARK, 1, 1]),
    },
  };
}

type Step = keyof Awaited<ReturnType<typeof under>>['steps'];
const DEMANDS: [Step, string[]][] = [
  ['appendEpoch', ['closed', 'announced']],
  ['restoreStock', ['announced', 'restoring']],
  ['restoreOrders', ['restoring']],
  ['forgetOrders', ['restoring']],
  ['restoreUsers', ['restoring']],
  ['restoreLapses', ['restoring']],
  ['openFence', ['restoring']],
];
const STANDING = [
  '',
  ...['closed', 'announced', 'restoring'].flatMap((step) =>
    [MARK, '5 4 aaaa', '6 3 aaaa', '5 3 bbbb'].map((mark) => `${mark} ${step}`),
  ),
];

it.each(DEMANDS)(
  '%s runs behind %s only; under any other mark nothing changes',
  async (step, demanded) => {
    for (const standing of STANDING) {
      const isDemanded = demanded.some((word) => standing === `${MARK} ${word}`);
      const activity = await under(standing);
      const answer = await activity.steps[step]();
      if (isDemanded) {
        expect(answer).not.toBe('superseded');
        continue;
      }
      expect([standing, answer]).toEqual([standing, 'superseded']);
      expect(await activity.mark()).toBe(standing);
      expect(await activity.keys()).toBe(1);
    }
  },
);

it.each([
  ['an open fence of the epoch before', '', { term: 1, epoch: 3 }, 'closed'],
  ['an open fence of this epoch', '', { term: 9, epoch: 2 }, 'superseded'],
  ['a lower term', '4 9 aaaa restoring', { term: 5, epoch: 3 }, 'closed'],
  ['its own mark', '5 3 aaaa restoring', { term: 5, epoch: 3 }, 'closed'],
  ['its own term, an epoch before', '5 3 aaaa closed', { term: 5, epoch: 4 }, 'closed'],
  ['its own term, a later epoch', '5 4 aaaa closed', { term: 5, epoch: 3 }, 'superseded'],
  ['a higher term', '6 3 aaaa closed', { term: 5, epoch: 4 }, 'superseded'],
  ['a higher term of more digits', '10 3 aaaa closed', { term: 9, epoch: 4 }, 'superseded'],
])('over %s closing is answered %4$s', async (_what, standing, { term, epoch }, answer) => {
  const activity = await under(standing);
  expect(await activity.close(term, epoch)).toBe(answer);
  const closed = `${term} ${epoch} aaaa closed`;
  expect(await activity.mark()).toBe(answer === 'closed' ? closed : standing);
});

it('closes over what another activity of the item left behind', async () => {
  const activity = await under('', { id: 'former', epoch: '7' });
  expect(await activity.close(1, 2)).toBe('closed');
});

it('restores exactly what it was given, and opens', async () => {
  const activity = await under(`${MARK} closed`);
  const { steps, skuId, ulid } = activity;
  // Of two former rebuilds, and of an order of the same millisecond that stands no more.
  const places = placesField(ulid);
  await redis.hset(inventoryKeys.orders(skuId), places, ` 2r0:${ulid.slice(-2)} 1-7:ZZ`);
  await redis.mset(inventoryKeys.stock(skuId), '1', inventoryKeys.sequence(skuId), '99');
  await redis.zadd(inventoryKeys.pending(skuId), 1, 'gone');
  await redis.hset(inventoryKeys.lapsed(skuId), 'gone', 2);
  await redis.hset(inventoryKeys.orders(skuId), 'gone', 'facts');
  const forgotten = inventoryKeys.orderStatus({ skuId, ulid: 'gone' });
  await redis.mset(forgotten, 'PENDING', inventoryKeys.userPurchase(skuId, 'bob'), '1');
  for (const step of Object.values(steps)) await step();
  expect(await redis.hget(inventoryKeys.orders(skuId), places)).toBe(` 3r0:${ulid.slice(-2)}`);
  const { stock, sold, sequence, pending, outbox, lapsed } = inventoryKeys;
  const counters = await redis.mget(stock(skuId), sold(skuId), sequence(skuId));
  expect(counters).toEqual(['6', '4', '0']);
  expect(await redis.zrange(pending(skuId), '0', '-1')).not.toContain('gone');
  expect(await redis.get(inventoryKeys.userPurchase(skuId, 'ann'))).toBe('1');
  expect(await redis.hexists(inventoryKeys.orders(skuId), 'gone')).toBe(0);
  expect(await redis.exists(forgotten, inventoryKeys.userPurchase(skuId, 'bob'))).toBe(0);
  const [[id] = []] = await redis.xrange(outbox(skuId), '-', '+');
  expect(id).toBe('3-0');
  const fields = ['epoch', 'fence', 'paused', 'pending', 'batches'];
  const facts = await redis.hmget(inventoryKeys.activity(skuId), ...fields);
  expect(facts).toEqual(['3', '', '1', '1', '1']);
  expect(await redis.hgetall(lapsed(skuId))).toEqual({ ann: '2' });
});
