// A database that stops, or answers no more, is said to be away soon, and is used again when it is
// back. These end a server, so they start one of their own.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { createDatabase } from '../../../deploy/local/services/database.ts';
import { credentials, startMariadb } from '../../../deploy/local/services/mariadb.ts';
import type { Service } from '../../../deploy/local/services/service.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import { openSale } from './stores.ts';

const dir = join(inject('scratchDir'), `mariadb-${randomBytes(6).toString('hex')}`);
let server: Service;
let store: Store;
beforeAll(async () => {
  server = await startMariadb({ dir });
  const place = { ...credentials, host: server.host, port: server.port };
  const target = { kind: 'mysql' as const, ...place, database: await createDatabase(place) };
  await migrate(target);
  store = await openStore(target);
});
afterAll(async () => {
  await store.close();
  await server.stop();
});

const away = { code: 'database-away', retriable: true };
async function seconds(work: Promise<unknown>): Promise<number> {
  const startedAt = performance.now();
  await work;
  return (performance.now() - startedAt) / 1000;
}

/** Of two: a machine may be busy with other work for a moment. */
async function quickest(work: () => Promise<unknown>): Promise<number> {
  return Math.min(await seconds(work()), await seconds(work()));
}

it('says so within seconds when the server is stuck, and goes on when it is not', async () => {
  const sale = await openSale(store);
  process.kill(server.pid, 'SIGSTOP');
  try {
    // A signal takes its time: what was asked at once may still be answered.
    const ping = () =>
      store.ping().then(
        () => 'answered',
        () => 'stuck',
      );
    await expect.poll(ping, { timeout: 10_000 }).toBe('stuck');
    expect(await quickest(() => expect(store.ping()).rejects.toMatchObject(away))).toBeLessThan(4);
    const stuck = [
      expect(store.applyRecords([sale.reserved({ seq: 1, n: 1 })])).rejects.toMatchObject(away),
      expect(store.findActivity(sale.activityId)).rejects.toMatchObject(away),
      // More than the pool has connections.
      ...Array.from({ length: 15 }, () => expect(store.ping()).rejects.toMatchObject(away)),
    ];
    expect(await seconds(Promise.all(stuck))).toBeLessThan(12);
  } finally {
    process.kill(server.pid, 'SIGCONT');
  }
  const result = await store.applyRecords([sale.reserved({ seq: 1, n: 1 })]);
  expect(result.stalled).toEqual([]);
  expect(await store.summary(sale.activityId)).toMatchObject({ orders: 1, sold: 1 });
});

it('says so at once when the server has gone, and finds it again', async () => {
  const sale = await openSale(store);
  const { port } = server;
  await server.stop();
  expect(await quickest(() => expect(store.ping()).rejects.toMatchObject(away))).toBeLessThan(3);
  const record = sale.reserved({ seq: 1, n: 1 });
  await expect(store.applyRecords([record])).rejects.toMatchObject(away);
  server = await startMariadb({ dir, port });
  expect((await store.applyRecords([record])).persisted).toEqual([sale.id(1)]);
});
