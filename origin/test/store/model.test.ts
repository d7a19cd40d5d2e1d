// Whatever the log holds (repeats, gaps, forks, former epochs, more than the stock, nonsense) and
// however it is cut into batches, the database does what the model does.
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { followLine, startOfLedger } from '../../ledger/follow.ts';
import { firstHead, nextHead } from '../../ledger/ledger.ts';
import type { LogRecord, Store } from '../../store/store.ts';
import { Model } from './model.ts';
import { recordsOf } from './sale-records.ts';
import { DATABASES, openSale, type Sale } from './stores.ts';

const ORDERS = 6;
const n = fc.integer({ min: 1, max: ORDERS });
const type = fc.constantFrom(
  'reserved',
  'reserved',
  'reserved',
  'paid',
  'cancelled',
  'lost',
  'voided',
);
const move = fc.oneof(
  { weight: 12, arbitrary: fc.record({ kind: fc.constant('due'), type, n }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('repeat'), back: fc.nat(8) }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('fork'), type, n, back: fc.nat(3) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('skip'), type, n }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('epoch'), announces: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('older'), type, n }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('bad'), n }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('adjusted'), stock: fc.nat(9) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('stranger') }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('unreadable'), text: fc.string() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('lost'), count: fc.nat(3) }) },
);
type Move = typeof move extends fc.Arbitrary<infer Value> ? Value : never;
/** What the writer takes its short way for, but for an order that has a row. */
const straight = fc.record({ kind: fc.constant('due'), type: fc.constant('reserved'), n });
const size = { minLength: 1, maxLength: 12 };
const batches = fc.array(fc.oneof(fc.array(move, size), fc.array(straight, size)), {
  maxLength: 8,
});

/** Turns moves into records as a log with all its accidents would hold them. */
class Log {
  readonly #sale: Sale;
  readonly #written: LogRecord[] = [];
  epoch = 1;
  seq = 0;

  constructor(sale: Sale) {
    this.#sale = sale;
  }

  record(one: Move): LogRecord {
    const record = this.#make(one);
    this.#written.push(record);
    return record;
  }

  #make(one: Move): LogRecord {
    const sale = this.#sale;
    const { epoch } = this;
    if ('type' in one) {
      const place = { due: 1, skip: 3, fork: 0, older: 1 };
      if (one.kind === 'due' || one.kind === 'skip') this.seq += place[one.kind];
      const back = 'back' in one ? one.back : 0;
      const seq = Math.max(1, this.seq - back);
      const at = one.kind === 'older' ? { epoch: Math.max(1, epoch - 1), seq } : { epoch, seq };
      if (one.type === 'reserved') return sale.reserved({ ...at, n: one.n }, quantityOf(one.n));
      if (one.type === 'paid') return sale.paid({ ...at, n: one.n });
      if (one.type === 'voided') return sale.voided({ ...at, n: one.n });
      const lost = { ...quantityOf(one.n), reason: 'LOST_IN_FAILURE' } as const;
      return sale.cancelled({ ...at, n: one.n }, one.type === 'lost' ? lost : {});
    }
    if ('back' in one) return this.#written.at(-1 - one.back) ?? sale.epoch(1);
    if ('announces' in one) {
      this.epoch += 1;
      this.seq = 0;
      return sale.epoch(this.epoch);
    }
    if ('stock' in one) {
      this.seq += 1;
      return sale.adjusted({ epoch, seq: this.seq, stock: one.stock });
    }
    if ('n' in one) {
      this.seq += 1;
      return sale.reserved({ epoch, seq: this.seq, n: one.n }, { quantity: 0 });
    }
    if ('count' in one) {
      this.seq += one.count;
      const { activityId, skuId } = sale;
      const lost = { activityId, skuId, epoch, seq: this.seq };
      const position = `outbox/${sale.activityId}/${epoch}-${this.seq}`;
      return { kind: 'unreadable', reason: 'x', position, text: '[]', lost };
    }
    if ('text' in one) {
      return { kind: 'unreadable', reason: 'x', position: sale.activityId, text: one.text };
    }
    const stranger = recordsOf({ activityId: `no-${sale.activityId}`, skuId: sale.skuId });
    return stranger.reserved({ seq: 1, n: 1 });
  }
}

const quantityOf = (order: number) => ({ quantity: 1 + (order % 2) });

describe.each(DATABASES)('the model and $name', ({ name, open }) => {
  let store: Store;
  beforeAll(async () => {
    store = await open();
  });
  afterAll(() => store.close());

  it('agree', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(batches, async (moves) => {
        const stock = 5;
        const sale = await openSale(store, { stock, capacity: 1 });
        const log = new Log(sale);
        const model = new Model(stock);
        for (const batch of moves) {
          const records = batch.map((one) => log.record(one));
          if (batch.some((one) => 'announces' in one && one.announces)) {
            await store.announceEpoch({ activityId: sale.activityId, epoch: log.epoch });
            model.announced = log.epoch;
          }
          const expected = model.apply(records, sale.activityId);
          expect(await store.applyRecords(records)).toEqual(expected);
          await compare(store, sale, model);
        }
        expect(await ledgerOf(store, sale)).toEqual({ sold: model.sold, stock: model.stock });
      }),
      { numRuns: name === 'SQLite' ? 200 : 100 },
    );
  });
});

/** What the sale's ledger says, to somebody who sees nothing else. */
async function ledgerOf(store: Store, { activityId }: Sale) {
  const followed = startOfLedger();
  let head = firstHead(activityId);
  for (const page of await store.ledgerPages({ activityId, afterId: 0, limit: 1_000 })) {
    head = nextHead(head, page.lines);
    expect(page.head).toBe(head);
    for (const line of page.lines) expect(followLine(followed, line)).toBeUndefined();
  }
  expect((await store.findActivity(activityId))?.applied.ledgerHead).toBe(head);
  return { sold: followed.sold, stock: followed.stock };
}

async function compare(store: Store, sale: Sale, model: Model): Promise<void> {
  const applied = (await store.findActivity(sale.activityId))?.applied;
  const { epoch, seq, sold, stock, alarmEpoch } = model;
  expect(applied).toMatchObject({ epoch, seq, sold, stock, alarmEpoch });
  const page = { activityId: sale.activityId, afterOrderId: '', limit: 100 };
  const rows = await store.ordersPage(page);
  const orders = rows.map(({ orderId, status, reason, quantity, epoch: e, seq: s }) => [
    ...[orderId, { status, reason, quantity, epoch: e, seq: s }],
  ]);
  expect(orders).toEqual([...model.orders].toSorted(([a], [b]) => (a < b ? -1 : 1)));
  const summary = await store.summary(sale.activityId);
  expect(summary.sold + model.kept).toBe(sold);
  expect(sold).toBeLessThanOrEqual(stock);
}
