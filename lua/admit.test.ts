import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import { LineModel } from './line-model.ts';
import {
  admit,
  holdAt,
  type Knock,
  type LineTerms,
  lineKeys,
  setClock,
  setEntryTokens,
} from './line-under-test.ts';
import { placeText } from './place-text.ts';
import { keysWithoutLifetime, newSku, openRedis, redisNow } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const ulid = () => mintUlid(Date.now());

const USERS = 6;
const termsOf = fc
  .record({
    rate: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 100_000 })),
    extra: fc.integer({ min: 0, max: 4 }),
    windowMs: fc.integer({ min: 0, max: 8_000 }),
    queueLimit: fc.oneof(fc.integer({ min: 0, max: 4 }), fc.constant(1_000)),
  })
  .map(({ rate, extra, windowMs, queueLimit }): LineTerms => {
    return { rate, capacity: Math.max(1, Math.ceil(rate / 1000)) + extra, windowMs, queueLimit };
  });
const stepOf = fc.record({
  user: fc.nat({ max: USERS - 1 }),
  gapMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 30 }), fc.nat({ max: 9_000 })),
  tokens: fc.constantFrom('full' as const, 'full' as const, 'none' as const),
  follows: fc.constantFrom('nothing', 'nothing', 'own', 'other'),
  ticket: fc.constantFrom('none', 'none', 'own', 'made'),
  before: fc.constantFrom('nothing', 'nothing', 'place-lost', 'entered-earlier'),
  joinable: fc.constantFrom(true, true, true, false),
  speed: fc.constantFrom(1 as const, 1 as const, 1 as const, 0 as const),
});

describe('admit', () => {
  it('gives every place the turn of the model, and each user one place', async () => {
    await fc.assert(
      fc.asyncProperty(
        termsOf,
        fc.array(stepOf, { minLength: 1, maxLength: 25 }),
        async (terms, steps) => {
          const line = { skuId: newSku(), activityId: ulid(), terms };
          const model = new LineModel(terms);
          const forwardedAt = new Map<string, number>();
          await setClock(redis, line);
          let virtualMs = 0;
          for (const step of steps) {
            virtualMs += step.gapMs;
            await Promise.all([
              holdAt(redis, line.skuId, virtualMs),
              setEntryTokens(redis, line.skuId, step.tokens),
              redis.hset(edgeKeys.lineClock(line.skuId), 'speed', step.speed),
            ]);
            const knock = knockOf(step, model);
            await prepare(step, knock, line, { model, forwardedAt });
            const answer = await admit(redis, line, knock);
            if (answer[0] === 'enter') forwardedAt.set(knock.userKey, performance.now());
            expect(answer).toEqual(model.admit(knock, virtualMs, step));
          }
          expect(turnsTooClose(model.turns, terms)).toEqual([]);
          // First come, first served.
          expect(model.turns).toEqual(model.turns.toSorted((a, b) => a - b));
          const came = await redis.lrange(edgeKeys.came(line.skuId), 0, -1);
          expect(came.map(Number)).toEqual(model.came);
          expect(await lastingKeys(line.skuId)).toEqual([]);
          await redis.del(...(await redis.keys(`*{${line.skuId}}*`)));
        },
      ),
      { numRuns: 300 },
    );
  });
});

/** Keys without a lifetime, but for places, which closing sweeps. */
async function lastingKeys(skuId: string): Promise<string[]> {
  const keys = await keysWithoutLifetime(redis, skuId);
  return keys.filter((key) => !key.startsWith(edgeKeys.place(skuId, '')));
}

type Step = typeof stepOf extends fc.Arbitrary<infer Value> ? Value : never;

function knockOf(step: Step, model: LineModel): Knock {
  const userKey = `user-${step.user}`;
  const held = model.places.get(userKey);
  const follows = { nothing: undefined, own: held?.ulid, other: ulid() }[step.follows] ?? '';
  const made = { ulid: ulid(), turn: step.gapMs, until: step.gapMs + model.terms.windowMs };
  const own =
    held === undefined ? undefined : { ulid: held.ulid, turn: held.turn, until: held.until };
  const ticket = { none: undefined, own, made }[step.ticket];
  const { joinable } = step;
  const shown = ticket === undefined ? {} : { ticket };
  return { userKey, freshUlid: ulid(), follows, joinable, ...shown };
}

/** Half of the second in which a place that has entered is not forwarded again. */
const JUST_MS = 500;

/** What may have happened since: Redis lost the place, or the buyer entered a while ago. */
async function prepare(
  { before }: Step,
  { userKey }: Knock,
  { skuId, activityId }: { readonly skuId: string; readonly activityId: string },
  { model, forwardedAt }: { readonly model: LineModel; readonly forwardedAt: Map<string, number> },
): Promise<void> {
  const askedAt = forwardedAt.get(userKey) ?? 0;
  const key = edgeKeys.place(skuId, userKey);
  const held = model.places.get(userKey);
  if (before === 'place-lost') {
    model.places.delete(userKey);
    await redis.del(key);
  } else if (before === 'entered-earlier' && held?.entered === 'just') {
    model.places.set(userKey, { ...held, entered: 'earlier' });
    const enteredAt = (await redisNow(redis)) - 2_000;
    await redis.set(key, placeText(activityId, { ...held, enteredAt }), 'KEEPTTL');
  } else if (held?.entered === 'just' && performance.now() - askedAt > JUST_MS) {
    // This machine stood still meanwhile, and the second has gone on.
    const enteredAt = await redisNow(redis);
    await redis.set(key, placeText(activityId, { ...held, enteredAt }), 'KEEPTTL');
  }
}

/** Pairs of turns between which more fall due than the rate and the capacity allow. */
function turnsTooClose(turns: readonly number[], { rate, capacity }: LineTerms): unknown[] {
  return turns.flatMap((first, from) =>
    turns.slice(from).flatMap((last, length) => {
      const most = capacity + Math.floor(((last - first) * rate + 999) / 1000);
      return last < first || length + 1 > most ? [{ first, last, count: length + 1, most }] : [];
    }),
  );
}

describe('admit where there is nothing to join', () => {
  const terms = { rate: 10, capacity: 2, windowMs: 1_000, queueLimit: 10 };
  const knock = () => ({ userKey: 'u', freshUlid: ulid() });
  const newLine = () => ({ skuId: newSku(), activityId: ulid(), terms });

  it('answers no_line without a clock, for another activity, and without a bucket', async () => {
    const line = newLine();
    expect(await admit(redis, line, knock())).toEqual(['no_line']);
    await setClock(redis, line);
    expect(await admit(redis, { ...line, activityId: ulid() }, knock())).toEqual(['no_line']);
    for (const key of lineKeys(line.skuId).slice(1)) {
      const kept = await redis.getBuffer(key);
      await redis.del(key);
      expect(await admit(redis, line, knock())).toEqual(['no_line']);
      await redis.set(key, kept ?? '');
    }
    expect((await admit(redis, line, knock()))[0]).toBe('enter');
  });

  it('answers not_open before the start and ended from the end on, and makes no place', async () => {
    const line = newLine();
    await setClock(redis, line, { startsInMs: 60_000 });
    expect(await admit(redis, line, knock())).toEqual(['not_open']);
    await setClock(redis, line);
    await redis.hset(edgeKeys.lineClock(line.skuId), { endAt: await redisNow(redis) });
    expect(await admit(redis, line, knock())).toEqual(['ended']);
    expect(await redis.exists(edgeKeys.place(line.skuId, 'u'))).toBe(0);
  });

  it('lets nobody enter at speed 0, and a place that has entered go on', async () => {
    const line = newLine();
    await setClock(redis, line, { speed: 0 });
    const first = knock();
    expect((await admit(redis, line, first)).slice(0, 3)).toEqual(['paused', first.freshUlid, 0]);
    await setClock(redis, line, { speed: 1 });
    expect((await admit(redis, line, first))[0]).toBe('enter');
    await setClock(redis, line, { speed: 0 });
    expect((await admit(redis, line, first))[0]).toBe('confirming');
  });

  it('answers a place that has entered after the end too', async () => {
    const line = newLine();
    const first = knock();
    await setClock(redis, line);
    expect((await admit(redis, line, first))[0]).toBe('enter');
    await redis.hset(edgeKeys.lineClock(line.skuId), { endAt: 1 });
    expect((await admit(redis, line, first)).slice(0, 2)).toEqual(['confirming', first.freshUlid]);
  });

  it('repeats what was bought for a call without ticket, whatever waits behind it', async () => {
    const line = newLine();
    await setClock(redis, line);
    const first = knock();
    await admit(redis, line, first);
    const place = edgeKeys.place(line.skuId, 'u');
    await redis.set(place, (await redis.get(place))?.replace(/ \w+$/, ' 1') ?? '', 'KEEPTTL');
    await holdAt(redis, line.skuId, 0);
    await admit(redis, line, { ...knock(), userKey: 'other' });
    const second = { ...knock(), follows: first.freshUlid };
    expect((await admit(redis, line, second)).slice(0, 2)).toEqual(['wait', second.freshUlid]);
    const plain = await admit(redis, line, knock());
    expect(plain.slice(0, 2)).toEqual(['enter', second.freshUlid]);
    expect(plain[7]).toBe(first.freshUlid);
    expect((await admit(redis, line, second)).slice(0, 2)).toEqual(['wait', second.freshUlid]);
  });

  it('takes a place of the SKU’s former activity for none', async () => {
    const former = newLine();
    await setClock(redis, former);
    const first = knock();
    expect((await admit(redis, former, first)).slice(0, 2)).toEqual(['enter', first.freshUlid]);
    const line = { ...former, activityId: ulid() };
    await setClock(redis, line);
    const second = knock();
    // The entry bucket is the SKU's, and has just let somebody in.
    await setEntryTokens(redis, line.skuId, 'full');
    expect((await admit(redis, line, second)).slice(0, 2)).toEqual(['enter', second.freshUlid]);
  });

  it('keeps a place to the last millisecond of its window, with its order id beyond', async () => {
    const line = newLine();
    await setClock(redis, line);
    const first = knock();
    await holdAt(redis, line.skuId, 500);
    await setEntryTokens(redis, line.skuId, 'none');
    expect((await admit(redis, line, first)).slice(0, 4)).toEqual([
      'ready',
      first.freshUlid,
      500,
      5_500,
    ]);
    await holdAt(redis, line.skuId, 5_500);
    await setEntryTokens(redis, line.skuId, 'full');
    expect((await admit(redis, line, first)).slice(0, 3)).toEqual(['enter', first.freshUlid, 500]);
    const late = { ...knock(), userKey: 'late' };
    await setEntryTokens(redis, line.skuId, 'none');
    await admit(redis, line, late);
    await holdAt(redis, line.skuId, 10_501);
    expect((await admit(redis, line, { ...late, freshUlid: ulid() })).slice(0, 3)).toEqual([
      'ready',
      late.freshUlid,
      10_501,
    ]);
  });
});
