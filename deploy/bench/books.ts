// A MariaDB of its own with the schema of the orders, activities to write orders of, and the bare
// driver to compare with.
import { migrate } from '../../origin/store/migrate.ts';
import { connectMysql } from '../../origin/store/open-mysql.ts';
import { openStore } from '../../origin/store/open-store.ts';
import type { LogRecord, Store } from '../../origin/store/store.ts';
import type { MysqlTarget } from '../../origin/store/target.ts';
import { parseActivityTerms } from '../../shared/activity.ts';
import { USER_KEY_PLAIN_LENGTH } from '../../shared/keys.ts';
import type { OrderEvent } from '../../shared/order-event.ts';
import { mintUlid, orderIdOf } from '../../shared/order-id.ts';
import { credentials, startMariadb } from '../local/services/mariadb.ts';

export interface Sale {
  readonly skuId: string;
  readonly activityId: string;
}

export interface Books {
  readonly store: Store;
  openSale(skuId: string): Promise<Sale>;
  /** A statement of the bare driver, values in `?`; over one connection. */
  readonly query: (sql: string, values?: (string | number | null)[][][]) => Promise<unknown>;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const PRICE = 1_999;
const PAYMENT_MS = 900_000;
const STOCK = 1_000_000;

export async function openBooks(dir: string): Promise<Books> {
  const server = await startMariadb({ dir });
  const { host, port } = server;
  const target: MysqlTarget = { kind: 'mysql', host, port, ...credentials };
  await migrate(target);
  const store = await openStore(target);
  const bare = await connectMysql(target);
  const pool = await bare.driver.getConnection().getNativeClient();
  const connection = await leased(pool);
  return {
    store,
    openSale: (skuId) => openSale(store, skuId),
    query: (sql, values = []) => {
      const { promise, resolve, reject } = Promise.withResolvers<unknown>();
      connection.query(sql, values, (error, rows) => (error ? reject(error) : resolve(rows)));
      return promise;
    },
    async close() {
      connection.release();
      await bare.close(true);
      await store.close();
      await server.stop();
    },
  };
}

type Bare = Awaited<ReturnType<typeof connectMysql>>;
type Pool = Awaited<ReturnType<ReturnType<Bare['driver']['getConnection']>['getNativeClient']>>;
type Lease = Parameters<Parameters<Pool['getConnection']>[0]>[1];

function leased(pool: Pool): Promise<Lease> {
  const { promise, resolve, reject } = Promise.withResolvers<Lease>();
  pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)));
  return promise;
}

async function openSale(store: Store, skuId: string): Promise<Sale> {
  const now = Date.now();
  const activityId = mintUlid(now);
  const body = {
    skuId,
    ...{ stock: STOCK, price: PRICE, limitPerUser: 100 },
    startAt: new Date(now - HOUR_MS).toISOString(),
    endAt: new Date(now + HOUR_MS).toISOString(),
  };
  const parsed = parseActivityTerms(body, { createdAt: now });
  if (parsed.kind === 'invalid') throw new Error(JSON.stringify(parsed.errors));
  await store.insertActivity({ activityId, terms: parsed.terms, now });
  await store.markLoaded({ activityId, runId: 'of-this-bench' });
  return { skuId, activityId };
}

/** Reservations of a sale numbered `from` on, as the order log holds them. */
export function reservationsOf(sale: Sale, from: number, count: number): OrderEvent[] {
  return Array.from({ length: count }, (_, index) => reservation(sale, from + index));
}

export const recordOf = (event: OrderEvent): LogRecord => ({
  kind: 'event',
  event,
  position: `bench/0/${event.seq}`,
});

function reservation({ skuId, activityId }: Sale, seq: number): OrderEvent {
  const at = Date.now();
  const order = {
    orderId: orderIdOf({ skuId, ulid: mintUlid(at) }),
    userId: `user-${seq}`.padEnd(USER_KEY_PLAIN_LENGTH, '.'),
    ...{ quantity: 1, amount: PRICE, currency: 'USD', status: 'PENDING' as const },
    ...{ createdAt: at, payBy: at + PAYMENT_MS },
  };
  return { version: 1, type: 'reserved', activityId, skuId, epoch: 1, seq, at, order };
}
