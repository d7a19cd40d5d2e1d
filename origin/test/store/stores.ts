// The databases that the contract is tried on, and plain material to try it with.
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { inject, vi } from 'vitest';
import { createDatabase } from '../../../deploy/local/services/database.ts';
import type { ActivityTerms } from '../../../shared/activity.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import { migrate } from '../../store/migrate.ts';
import { openStore } from '../../store/open-store.ts';
import type { Store } from '../../store/store.ts';
import type { MysqlTarget, SqliteTarget } from '../../store/target.ts';
import { recordsOf } from './sale-records.ts';

export const sqliteTarget = (): SqliteTarget => ({
  kind: 'sqlite',
  file: join(inject('scratchDir'), `store-${randomBytes(6).toString('hex')}`, 'test.sqlite'),
});

export async function mysqlTarget(): Promise<MysqlTarget> {
  const { mysql } = inject('services');
  return { kind: 'mysql', ...mysql, database: await createDatabase(mysql) };
}

export const DATABASES = [
  { name: 'SQLite', open: () => openStore(sqliteTarget()) },
  {
    name: 'MySQL',
    open: async () => {
      const target = await mysqlTarget();
      await migrate(target);
      return openStore(target);
    },
  },
];

const ENDED_WITHIN = { timeout: 20_000, interval: 50 };

/** As an origin does that starts behind one that was killed: the owner of its file may still be ending. */
export const openOnceFree = (file: string): Promise<Store> =>
  vi.waitFor(() => openStore({ kind: 'sqlite', file }), ENDED_WITHIN);

export const newSkuId = () => `sku_${randomBytes(5).toString('hex')}`;

export const termsOf = (changes: Partial<ActivityTerms> = {}): ActivityTerms => ({
  ...{ skuId: newSkuId(), title: 'A thing', stock: 100, price: 500, currency: 'EUR' },
  ...{ limitPerUser: 2, ratePerSecond: 10, capacity: 10, queueLimit: 1000 },
  ...{ entryOpensAt: 1_000, startAt: 2_000, endAt: 9_000_000_000_000 },
  ...{ ticketWindowSeconds: 30, paymentWindowSeconds: 900, challengeAt: 40, denyAt: 80 },
  ...{ draw: false, beacon: null },
  ...changes,
});

/** A loaded activity and what makes records of it. */
export async function openSale(store: Store, changes: Partial<ActivityTerms> = {}) {
  const terms = termsOf(changes);
  const activityId = mintUlid(Date.now());
  await store.insertActivity({ activityId, terms, now: 5_000 });
  const loaded = await store.markLoaded({ activityId, runId: 'run-1' });
  if (loaded.kind !== 'loaded') throw new Error('the activity was not loaded');
  return { activityId, skuId: terms.skuId, ...recordsOf({ activityId, skuId: terms.skuId }) };
}

export type Sale = Awaited<ReturnType<typeof openSale>>;
