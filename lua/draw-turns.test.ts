// Draws of any size against a plain model: who gets which turn, and how many fall due at once.
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { takeTurn } from '../shared/bucket.ts';
import { drawKey, placeOfEntry, turnOfPlace } from '../shared/draw.ts';
import { edgeKeys } from '../shared/keys.ts';
import {
  beforeStart,
  type DrawLine,
  enterDraw,
  leafOf,
  newDrawLine,
  putDraw,
  sha1,
  start,
} from './draw-under-test.ts';
import { holdAt, type LineTerms, setEntryTokens } from './line-under-test.ts';
import { openRedis } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const termsOf = fc
  .record({
    rate: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 5_000 })),
    extra: fc.integer({ min: 0, max: 4 }),
    queueLimit: fc.integer({ min: 0, max: 30 }),
  })
  .map(({ rate, extra, queueLimit }): LineTerms => {
    const capacity = Math.max(1, Math.ceil(rate / 1000)) + extra;
    return { rate, capacity, windowMs: 600_000, queueLimit };
  });
const saleOf = fc.record({
  terms: termsOf,
  /** Who presses before the start, and in which order; some more than once. */
  before: fc.array(fc.nat({ max: 24 }), { maxLength: 40 }),
  /** Who comes from then on, after how long; from 25 on they have not entered. */
  after: fc.array(
    fc.record({ user: fc.nat({ max: 34 }), gapMs: fc.nat({ max: 400 }), lost: fc.boolean() }),
    { maxLength: 50 },
  ),
});

async function modelTurns(
  line: DrawLine,
  entrants: readonly number[],
): Promise<Map<number, number>> {
  const { seed, terms } = line;
  const entries = entrants.length;
  const chain = (await redis.hget(edgeKeys.draw(line.skuId), 'chain')) ?? '';
  const key = await drawKey(sha1, { seed, chain, entries });
  const pace = { ratePerSecond: terms.rate, capacity: terms.capacity };
  const turns = entrants.map(async (user, index): Promise<[number, number]> => {
    return [user, turnOfPlace(await placeOfEntry(sha1, { key, entries, index }), pace)];
  });
  return new Map(await Promise.all(turns));
}

it('every entrant gets the place of the draw, latecomers the turns behind, each once', async () => {
  await fc.assert(
    fc.asyncProperty(saleOf, async ({ terms, before, after }) => {
      const line = newDrawLine(terms);
      await beforeStart(redis, line);
      await putDraw(redis, line);
      const entrants: number[] = [];
      const tickets = new Map<
        number,
        { ulid: string; turn: number; until: number; entry?: number }
      >();
      for (const user of before) {
        const answer = await enterDraw(redis, line, `u${user}`);
        const isNew = !entrants.includes(user);
        if (isNew && entrants.length + 1 > terms.capacity + terms.queueLimit) {
          expect(answer).toEqual(['line_full']);
          continue;
        }
        if (isNew) entrants.push(user);
        const entry = entrants.indexOf(user);
        expect([answer[0], answer[8]]).toEqual(['entered_draw', entry]);
        tickets.set(user, { ulid: String(answer[1]), turn: 0, until: 0, entry });
      }
      await start(redis, line);
      const { rate: ratePerSecond, capacity, queueLimit } = terms;
      const turns = await modelTurns(line, entrants);
      let bucket = { balance: capacity - entrants.length, lastMs: 0, remainder: 0 };
      const told = new Set<number>(entrants);
      const came: number[] = [];
      let virtualMs = 0;
      for (const { user, gapMs, lost } of after) {
        virtualMs += gapMs;
        await holdAt(redis, line.skuId, virtualMs);
        await setEntryTokens(redis, line.skuId, 'none');
        const ticket = tickets.get(user);
        if (lost && ticket !== undefined) await redis.del(edgeKeys.place(line.skuId, `u${user}`));
        const shown = ticket === undefined ? {} : { ticket };
        const answer = await enterDraw(redis, line, `u${user}`, shown);
        if (!turns.has(user)) {
          const taken = takeTurn(bucket, { ratePerSecond, capacity }, virtualMs);
          if (-taken.bucket.balance > queueLimit) {
            expect(answer).toEqual(['line_full']);
            continue;
          }
          bucket = taken.bucket;
          turns.set(user, taken.turn);
          if (taken.turn > virtualMs) told.add(user);
        }
        const turn = turns.get(user) ?? 0;
        expect([answer[0], answer[2]]).toEqual([turn > virtualMs ? 'wait' : 'ready', turn]);
        if (!lost) {
          tickets.set(user, { ulid: String(answer[1]), turn, until: Number(answer[3]) });
        }
        if (turn <= virtualMs && told.delete(user)) came.push(turn);
      }
      expect(mostAtOnce([...turns.values()], terms)).toBeLessThanOrEqual(0);
      const list = await redis.lrangeBuffer(edgeKeys.drawEntries(line.skuId), 0, -1);
      const leaves = entrants.map((user) => leafOf(`u${user}`));
      expect(list.map((leaf) => leaf.toString('hex'))).toEqual(leaves);
      if (after.every(({ lost }) => !lost)) {
        const heard = await redis.lrange(edgeKeys.came(line.skuId), 0, -1);
        expect(heard.map(Number)).toEqual(came);
      }
      await redis.del(...(await redis.keys(`*{${line.skuId}}*`)));
    }),
    { numRuns: 150 },
  );
});

/** By how many, in the worst window, more turns fall due than rate and capacity allow. */
function mostAtOnce(turns: number[], { rate, capacity }: LineTerms): number {
  const sorted = turns.toSorted((a, b) => a - b);
  const excesses = sorted.flatMap((first, from) =>
    sorted.slice(from).map((last, length) => {
      return length + 1 - capacity - Math.floor(((last - first) * rate + 999) / 1000);
    }),
  );
  return Math.max(0, ...excesses);
}
