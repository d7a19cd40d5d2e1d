// Any sequence of rushes, restarts, flushes and roll-backs leaves a database that holds exactly what
// was answered, a Redis that agrees with it, no unit sold twice and nobody above the limit.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type EmbeddedOrigin, startEmbeddedOrigin } from '../reserve/embedded-origin.ts';
import { openSale, type Sale } from '../reserve/shop-front.ts';
import { audit, untilRecorded } from './audit.ts';
import { type BreakableRedis, startBreakableRedis } from './breakable-redis.ts';
import { type Rush, startRush } from './rush.ts';

const STOCK = 25;
const LIMIT = 3;
const RUNS = 6;
const TEST_TIMEOUT_MS = 180_000;

let redis: BreakableRedis;
let origin: EmbeddedOrigin;
beforeAll(async () => {
  redis = await startBreakableRedis();
  origin = await startEmbeddedOrigin(redis);
});
afterAll(async () => {
  await origin.close();
  await redis.close();
});

type Action =
  | { readonly kind: 'rush'; readonly users: readonly number[]; readonly quantity: number }
  | { readonly kind: 'restart' | 'flush' | 'copy' | 'roll-back' };

const user = fc.nat({ max: 11 });
const rush = fc.record({
  kind: fc.constant('rush' as const),
  users: fc.array(user, { minLength: 1, maxLength: 12 }),
  quantity: fc.integer({ min: 1, max: LIMIT }),
});
const fault = fc.record({
  kind: fc.constantFrom(
    'restart' as const,
    'flush' as const,
    'copy' as const,
    'roll-back' as const,
  ),
});
const actions = fc.array(
  fc.oneof({ arbitrary: rush, weight: 3 }, { arbitrary: fault, weight: 2 }),
  {
    minLength: 4,
    maxLength: 9,
  },
);

class Run {
  readonly #sale: Sale & { readonly stock: number };
  readonly #rushes: Rush[] = [];
  #copy: string;

  constructor(sale: Sale & { readonly stock: number }) {
    this.#sale = sale;
    this.#copy = redis.copy();
  }

  async do(action: Action): Promise<void> {
    switch (action.kind) {
      case 'rush': {
        const people = action.users.map((index) => `user-${index}`);
        // Not waited for: the next fault comes in the middle of it.
        this.#rushes.push(startRush(origin.url, this.#sale, { people, quantity: action.quantity }));
        return;
      }
      case 'restart':
        await redis.kill();
        return await redis.start();
      case 'copy':
        this.#copy = redis.copy();
        return;
      case 'flush':
        await this.#untilWritten();
        return void (await redis.client.flushall());
      case 'roll-back':
        await this.#untilWritten();
        await redis.kill();
        redis.putBack(this.#copy);
        return await redis.start();
    }
  }

  async finish(): Promise<void> {
    const bought = await this.#untilWritten();
    const units = new Map<string, number>();
    for (const { purchase } of bought) {
      units.set(purchase.userId, (units.get(purchase.userId) ?? 0) + purchase.quantity);
    }
    expect(Math.max(0, ...units.values())).toBeLessThanOrEqual(LIMIT);
    await audit(origin, this.#sale, { bought, redis: redis.client });
  }

  /** What is lost with its Redis before it was written down may be lost; so nothing is, here. */
  async #untilWritten() {
    await Promise.all(this.#rushes.map(({ over }) => over));
    const bought = this.#rushes.flatMap((each) => each.bought);
    await untilRecorded(origin, bought);
    return bought;
  }
}

it(
  'holds for any of them',
  async () => {
    const property = fc.asyncProperty(actions, async (sequence) => {
      const sale = await openSale(origin.url, { stock: STOCK, limitPerUser: LIMIT });
      const run = new Run({ ...sale, stock: STOCK });
      for (const action of sequence) await run.do(action);
      await run.finish();
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
  },
  TEST_TIMEOUT_MS,
);
