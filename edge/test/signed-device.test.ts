// People who share a network: each signed device has a bucket of its own, under one ceiling.
import { expect, it } from 'vitest';
import { newVisitor } from './browser-under-test.ts';
import { ONE_ENTERS, putOnShelf } from './sale-on-shelf.ts';
import { deviceTokenOf, freshAddress, openShop } from './shop.ts';
import { until } from './until.ts';

const isDecided = (status: number) => status !== 503;

it('forty buyers of one network are all let through', async () => {
  const [shop, address] = [openShop(), freshAddress()];
  const { skuId } = await putOnShelf();
  const buyOnce = async () => {
    const { userId, headers } = await newVisitor(undefined, address);
    const signed = { ...headers, 'x-device-token': await deviceTokenOf(userId) };
    const init = { method: 'POST', headers: signed, body: '{}' };
    return (await shop.fetch(`/api/seckill/${skuId}`, init)).status;
  };
  // Ten at once: what is late by its deadline is 503, and asked again.
  for (const _ of [1, 2, 3, 4]) {
    const buying = Array.from({ length: 10 }, () => until(buyOnce, isDecided));
    const statuses = await Promise.all(buying);
    expect(new Set(statuses)).toEqual(new Set([201]));
  }
});

it('one device is stopped after ten a second, and none beside it', async () => {
  const [shop, address] = [openShop(), freshAddress()];
  const { skuId } = await putOnShelf(ONE_ENTERS);
  const { userId, headers } = await newVisitor(undefined, address);
  const deviceToken = await deviceTokenOf(userId);
  const statusOf = async (signed: Record<string, string>) =>
    (await shop.fetch(`/api/seckill/${skuId}`, { method: 'POST', headers: signed, body: '{}' }))
      .status;
  const tryOften = async () => {
    const signed = { ...headers, 'x-device-token': deviceToken };
    const tried = Array.from({ length: 30 }, () => statusOf(signed));
    return (await Promise.all(tried)).filter((status) => status === 429).length;
  };
  // A slow machine has more than a second for them, and lets more of them through.
  expect(await until(tryOften, (stopped) => stopped >= 10)).toBeGreaterThanOrEqual(10);
  const other = await newVisitor(undefined, address);
  const signed = { ...other.headers, 'x-device-token': await deviceTokenOf(other.userId) };
  expect(await until(() => statusOf(signed), isDecided)).toBe(202);
});
