// People who share a network: each signed device has a bucket of its own, under one ceiling.
import { expect, it } from 'vitest';
import { newVisitor } from './browser-under-test.ts';
import { putOnShelf } from './sale-on-shelf.ts';
import { deviceTokenOf, freshAddress, openShop } from './shop.ts';

it('forty buyers of one network are all let through', async () => {
  const [shop, address] = [openShop(), freshAddress()];
  const { skuId } = await putOnShelf();
  const buyOnce = async () => {
    const { userId, headers } = await newVisitor(undefined, address);
    const signed = { ...headers, 'x-device-token': await deviceTokenOf(userId) };
    const init = { method: 'POST', headers: signed, body: '{}' };
    return (await shop.fetch(`/api/seckill/${skuId}`, init)).status;
  };
  // Ten at once: what is late by its deadline would be 503.
  for (const _ of [1, 2, 3, 4]) {
    const statuses = await Promise.all(Array.from({ length: 10 }, buyOnce));
    expect(new Set(statuses)).toEqual(new Set([201]));
  }
});

it('one device is stopped after ten a second, and none beside it', async () => {
  const [shop, address] = [openShop(), freshAddress()];
  const { skuId } = await putOnShelf({ ratePerSecond: 1, capacity: 1 });
  const { userId, headers } = await newVisitor(undefined, address);
  const deviceToken = await deviceTokenOf(userId);
  const statusOf = async (signed: Record<string, string>) =>
    (await shop.fetch(`/api/seckill/${skuId}`, { method: 'POST', headers: signed, body: '{}' }))
      .status;
  const tried = Array.from({ length: 30 }, () =>
    statusOf({ ...headers, 'x-device-token': deviceToken }),
  );
  const statuses = await Promise.all(tried);
  expect(statuses.filter((status) => status === 429).length).toBeGreaterThanOrEqual(10);
  const other = await newVisitor(undefined, address);
  const signed = { ...other.headers, 'x-device-token': await deviceTokenOf(other.userId) };
  expect(await statusOf(signed)).toBe(202);
});
