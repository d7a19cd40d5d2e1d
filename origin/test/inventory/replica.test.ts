// A primary and a replica: answers that wait for it, and a fail-over to one that lags behind.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, inject, it } from 'vitest';
import { startRedis } from '../../../deploy/local/services/redis.ts';
import type { Service } from '../../../deploy/local/services/service.ts';
import { inventoryKeys } from '../../../shared/keys.ts';
import { parseOrderId } from '../../../shared/order-id.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';
import { audit, untilRecorded } from '../fence/audit.ts';
import { people, startRush } from '../fence/rush.ts';
import { configOf, type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { buy, newOrderId, openSale, SOON, statusOf } from '../reserve/shop-front.ts';
import { type Address, openAddress } from './address.ts';

let home: string;
let primary: Service;
let replica: Service;
let onReplica: Redis;
let address: Address;
let origin: EmbeddedOrigin;

beforeEach(async () => {
  mkdirSync(inject('scratchDir'), { recursive: true });
  home = mkdtempSync(join(inject('scratchDir'), 'replica-'));
  primary = await startRedis({ dir: join(home, 'primary') });
  const args = ['--replicaof', primary.host, String(primary.port)];
  replica = await startRedis({ dir: join(home, 'replica'), args });
  const { host, port } = replica;
  onReplica = connectRedis({ host, port, name: 'test', commandTimeoutMs: 5_000 });
  await untilReady(onReplica, 10_000);
  await expect.poll(() => onReplica.info('replication'), SOON).toContain('master_link_status:up');
  address = await openAddress(primary.port);
});
afterEach(async () => {
  replica.kill('SIGCONT');
  await origin.close();
  onReplica.disconnect();
  address.close();
  for (const service of [primary, replica]) await service.stop();
  rmSync(home, { recursive: true, force: true });
});

it('with wait:1 a 201 stands on the replica; without it the order is there, and confirmed later', async () => {
  const config = configOf(address, { REDIS_DURABILITY: 'wait:1' });
  origin = await startEmbeddedOrigin(address, config);
  const sale = await openSale(origin.url, { stock: 5 });
  const statusOn = async (orderId: string) => {
    const parts = parseOrderId(orderId);
    return parts && (await onReplica.get(inventoryKeys.orderStatus(parts)));
  };
  const ann = { userId: 'ann', orderId: newOrderId(sale) };
  // A replica on a busy machine may confirm it too late for the first answer.
  await expect.poll(async () => (await buy(origin.url, sale, ann)).status, SOON).toBe(201);
  expect(await statusOn(ann.orderId)).toBe('PENDING');

  replica.kill('SIGSTOP');
  const bob = { userId: 'bob', orderId: newOrderId(sale) };
  const waiting = await buy(origin.url, sale, bob);
  expect(waiting).toMatchObject({ status: 202, body: { state: 'CONFIRMING' } });
  const shown = await statusOf(origin.url, bob.orderId, { sub: 'bob' });
  expect(shown).toMatchObject({ status: 200, body: { status: 'PENDING' } });
  expect((await buy(origin.url, sale, bob)).status).toBe(202);

  replica.kill('SIGCONT');
  const again = async () => (await buy(origin.url, sale, bob)).status;
  await expect.poll(again, SOON).toBe(201);
  expect(await statusOn(bob.orderId)).toBe('PENDING');
  const counters = await onReplica.mget(
    inventoryKeys.stock(sale.skuId),
    inventoryKeys.sold(sale.skuId),
  );
  expect(counters).toEqual(['3', '2']);
});

it('a replica that lagged behind is promoted: nothing is sold twice, and every row is known', async () => {
  origin = await startEmbeddedOrigin(address);
  const sale = { ...(await openSale(origin.url, { stock: 20, limitPerUser: 1 })), stock: 20 };
  const before = startRush(origin.url, sale, { people: people(5, 'before') });
  await before.over;
  await untilRecorded(origin, before.bought);
  // From here on it hears of nothing.
  await onReplica.replicaof('NO', 'ONE');
  const after = startRush(origin.url, sale, { people: people(8, 'after') });
  await after.over;
  await untilRecorded(origin, after.bought);

  const during = startRush(origin.url, sale, { people: people(3, 'during') });
  address.moveTo(replica.port);
  await primary.stop();
  await during.over;
  const rest = startRush(origin.url, sale, {
    people: [...people(9, 'rest'), ...people(8, 'after')],
  });
  await rest.over;
  const bought = [...before.bought, ...after.bought, ...rest.bought];
  // Of those answered while the address moved some may have been lost; their buyers asked again.
  const told = during.bought.length;
  expect(told).toBe(3);
  expect(bought.length + told).toBe(20);
  expect(rest.refused.filter((word) => word === '/problems/limit-reached')).toHaveLength(8);
  expect(await onReplica.mget(inventoryKeys.stock(sale.skuId))).toEqual(['0']);
  await audit(origin, sale, { bought: [...bought, ...during.bought], redis: onReplica });
});
