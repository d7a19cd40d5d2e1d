// The batch writer with all its guards into MariaDB, against the bare driver that inserts the same
// rows in transactions of the same size.
import { resolve } from 'node:path';
import { createBatchWriter } from '../../origin/writer/batch-writer.ts';
import type { OrderEvent } from '../../shared/order-event.ts';
import { type Books, openBooks, recordOf, reservationsOf, type Sale } from './books.ts';
import { type Bench, type BenchResult, median } from './result.ts';

const ROUNDS = 5;
/** Rows of one transaction: in quiet times, and while the writer lags. */
const SIZES = [
  { name: 'writer-quiet', size: 100, rows: 10_000, least: 2_000, share: 0 },
  { name: 'writer', size: 1_000, rows: 40_000, least: 20_000, share: 0.6 },
] as const;

/** Records of one fetch of a partition, about a MiB. */
const FETCHED = 2_000;
const MANY = 1_000;
const ROWS_OF_EACH = 4;

const COLUMNS =
  'order_id, activity_id, sku_id, user_id, quantity, amount, currency, status, reason, epoch, seq, created_at, pay_by, recorded_at';

export const writer: Bench = {
  name: 'writer',
  async run({ dir, progress }) {
    const books = await openBooks(resolve(dir, 'mariadb'));
    try {
      await books.query('create table bare_orders like orders');
      const results: BenchResult[] = [];
      for (const form of SIZES) {
        progress(`${form.name}, ${form.size} rows a transaction`);
        results.push(await measure(books, form));
      }
      progress(`writer, ${MANY.toLocaleString('en-US')} activities at once`);
      return [...results, await measureMany(books)];
    } finally {
      await books.close();
    }
  },
};

/** In turn, a fetch each: whatever else the machine does, it does to both. */
async function measure(books: Books, form: (typeof SIZES)[number]): Promise<BenchResult> {
  const written: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const sale = await books.openSale(`${form.name.replaceAll('-', '_')}_${round}`);
    const events = reservationsOf(sale, 1, form.rows);
    const ms = { written: 0, bare: 0 };
    for (let at = 0; at < events.length; at += FETCHED) {
      const fetched = events.slice(at, at + FETCHED);
      ms.written += await msOf(() => write(books, form.size, fetched));
      ms.bare += await msOf(() => insert(books, form.size, fetched));
    }
    written.push((1_000 * form.rows) / ms.written);
    bare.push((1_000 * form.rows) / ms.bare);
    const sold = (await books.store.findActivity(sale.activityId))?.applied.sold;
    if (sold !== form.rows) throw new Error(`${sold} rows of ${form.rows} were written`);
  }
  const value = median(written);
  const ratio = median(written.map((rate, round) => rate / (bare[round] ?? Number.NaN)));
  return {
    name: form.name,
    value,
    unit: 'rows/s',
    ratio,
    against: `the bare driver, ${form.size} a time`,
    budget: `>= ${form.least / 1_000}K/s${form.share > 0 ? ` and >= ${form.share} x` : ''}`,
    met: value >= form.least && ratio >= form.share,
  };
}

/** Batches in which every row is of another activity, against batches of one activity. */
async function measureMany(books: Books): Promise<BenchResult> {
  const sales: Sale[] = [];
  for (let index = 0; index < MANY; index += 1) {
    sales.push(await books.openSale(`writer_many_${index}`));
  }
  const many: number[] = [];
  const one: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const sale = await books.openSale(`writer_one_${round}`);
    const alone = reservationsOf(sale, 1, MANY * ROWS_OF_EACH);
    const mixed = reservationsOfEach(sales, 1 + round * ROWS_OF_EACH);
    one.push(await perSecond(alone.length, () => write(books, MANY, alone)));
    many.push(await perSecond(mixed.length, () => write(books, MANY, mixed)));
  }
  const value = median(many);
  return {
    name: 'writer-1000-activities',
    ...{ value, unit: 'rows/s', against: 'rows of one activity' },
    ratio: median(many.map((rate, round) => rate / (one[round] ?? Number.NaN))),
    budget: '>= 2K/s',
    met: value >= 2_000,
  };
}

/** The next of each sale in turn, as partitions are read side by side. */
function reservationsOfEach(sales: readonly Sale[], from: number): OrderEvent[] {
  const seqs = Array.from({ length: ROWS_OF_EACH }, (_, index) => from + index);
  return seqs.flatMap((seq) => sales.flatMap((sale) => reservationsOf(sale, seq, 1)));
}

/** As the consumer of the order log hands them over: a fetch's records at once. */
async function write(books: Books, size: number, events: readonly OrderEvent[]): Promise<void> {
  const writer = createBatchWriter({
    apply: (records) => books.store.applyRecords(records),
    ...{ maxRows: size, laggingRows: size },
  });
  for (let at = 0; at < events.length; at += FETCHED) {
    await writer.write(events.slice(at, at + FETCHED).map(recordOf));
  }
  await writer.close();
}

async function insert(books: Books, size: number, events: readonly OrderEvent[]): Promise<void> {
  for (let at = 0; at < events.length; at += size) {
    const rows = events.slice(at, at + size).map(valuesOf);
    await books.query('begin');
    await books.query(`insert into bare_orders (${COLUMNS}) values ?`, [rows]);
    await books.query('commit');
  }
}

function valuesOf({ activityId, skuId, epoch, seq, order, at }: OrderEvent) {
  if (order === undefined) throw new Error('a reservation without its order');
  return [
    ...[order.orderId, activityId, skuId, order.userId, order.quantity, order.amount],
    ...[order.currency, order.status, null, epoch, seq, order.createdAt, order.payBy, at],
  ];
}

const perSecond = async (count: number, work: () => Promise<void>): Promise<number> =>
  (1_000 * count) / (await msOf(work));

async function msOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now();
  await work();
  return performance.now() - startedAt;
}
