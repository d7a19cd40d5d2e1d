// What the origin is let in for never exceeds 1.2 times the rate and the burst, in any window,
// whatever arrives: crowds whose turn has come, and holders of places that have entered.
import { setTimeout as pause } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { admit, holdAt, type LineTerms, setClock } from '../../lua/line-under-test.ts';
import { placeText, waitingPlaceText } from '../../lua/place-text.ts';
import { newSku, openRedis, RATHER_LONG_MS, redisNow } from '../../lua/real-redis.ts';
import type { Redis } from '../../origin/redis/client.ts';
import { edgeKeys } from '../../shared/keys.ts';
import { mintUlid } from '../../shared/order-id.ts';
import { type Forward, mostIn, type Pace, worstExcess } from './intake.ts';

const SECOND_US = 1_000_000;
const AT_ONCE = 1_000;
const CALLS_PER_MOMENT = 10;

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
  await post(await openLine(1, 1), ['first']);
});
afterAll(() => redis.disconnect());

interface Line {
  readonly skuId: string;
  readonly activityId: string;
  readonly terms: LineTerms;
}

interface Posted {
  readonly words: ReadonlySet<string>;
  readonly forwards: readonly Forward[];
  /** Between one moment of deciding and the next, by Redis. */
  readonly gapsUs: readonly number[];
}

interface Rush extends Pace {
  readonly people: number;
  readonly held: number;
  readonly rounds: number;
}

/** A line whose virtual time stands where every turn below has come. */
async function openLine(rate: number, capacity: number): Promise<Line> {
  const terms = { rate, capacity, windowMs: RATHER_LONG_MS, queueLimit: 1_000_000 };
  const line = { skuId: newSku(), activityId: mintUlid(Date.now()), terms };
  await setClock(redis, line, { startsInMs: -RATHER_LONG_MS });
  await holdAt(redis, line.skuId, RATHER_LONG_MS);
  return line;
}

async function putPlaces(line: Line, users: readonly string[], text: () => string) {
  for (let at = 0; at < users.length; at += AT_ONCE) {
    const pairs = users
      .slice(at, at + AT_ONCE)
      .flatMap((user) => [edgeKeys.place(line.skuId, user), text()]);
    await redis.mset(pairs);
  }
}

/** Places that were told to wait and whose turn has come since. */
async function called(line: Line, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, index) => `called${index}`);
  await putPlaces(line, users, () =>
    waitingPlaceText(line.activityId, { ulid: mintUlid(Date.now()), turn: RATHER_LONG_MS - 1 }),
  );
  return users;
}

/** Places that have entered, long enough ago to be forwarded again. */
async function holders(line: Line, count: number): Promise<string[]> {
  const users = Array.from({ length: count }, (_, index) => `holder${index}`);
  const enteredAt = (await redisNow(redis)) - 10_000;
  await putPlaces(line, users, () =>
    placeText(line.activityId, {
      ulid: mintUlid(Date.now()),
      turn: 0,
      until: 9 * RATHER_LONG_MS,
      enteredAt,
    }),
  );
  return users;
}

const microseconds = ([seconds, rest]: readonly (number | string)[]): number =>
  Number(seconds) * SECOND_US + Number(rest);

/** All of them post at once; Redis tells the time between them (one connection, in order). */
async function post(line: Line, users: readonly string[]): Promise<Posted> {
  const moments = [redis.time()];
  const freshUlid = mintUlid(Date.now());
  const answers = users.map((userKey, index) => {
    const answer = admit(redis, line, { userKey, freshUlid });
    if ((index + 1) % CALLS_PER_MOMENT === 0) moments.push(redis.time());
    return answer;
  });
  moments.push(redis.time());
  const times = (await Promise.all(moments)).map(microseconds);
  const words = (await Promise.all(answers)).map(([word]) => String(word));
  const forwards = words.flatMap((word, index) => {
    const at = Math.floor(index / CALLS_PER_MOMENT);
    const [after = Number.NaN, before = Number.NaN] = times.slice(at, at + 2);
    return word === 'enter' ? [{ after, before }] : [];
  });
  const gapsUs = times.slice(1).map((time, index) => time - (times[index] ?? Number.NaN));
  return { words: new Set(words), forwards, gapsUs };
}

/** The holders repeat every second; in the middle of it everyone who was called posts as well. */
async function rush({ ratePerSecond, capacity, people, held, rounds }: Rush) {
  const line = await openLine(ratePerSecond, capacity);
  const [crowd, owners] = [await called(line, people), await holders(line, held)];
  const [first, again]: [Posted[], Posted[]] = [[], []];
  const beganAt = Date.now();
  for (let round = 0; round < rounds; round += 1) {
    const posts = [post(line, owners).then((posted) => again.push(posted))];
    if (round === 1) posts.push(post(line, crowd).then((posted) => first.push(posted)));
    await Promise.all(posts);
    await pause(Math.max(0, beganAt + (round + 1) * 1_000 - Date.now()));
  }
  return { first, again };
}

const forwardsOf = (posted: readonly Posted[]): Forward[] =>
  posted.flatMap(({ forwards }) => forwards);

test.for<Rush>([
  { ratePerSecond: 500, capacity: 500, people: 30_000, held: 10_000, rounds: 4 },
  { ratePerSecond: 1_000, capacity: 1, people: 2_000, held: 1_000, rounds: 2 },
  { ratePerSecond: 3, capacity: 15, people: 1_000, held: 1_000, rounds: 2 },
])(
  '$people called at once and $held who repeat every second, at $ratePerSecond/s and $capacity',
  async (rushed) => {
    const { ratePerSecond, capacity, people, held } = rushed;
    const { first, again } = await rush(rushed);
    const [entries, repeats] = [forwardsOf(first), forwardsOf(again)];
    expect(worstExcess(rushed, [...entries, ...repeats])).toBeLessThanOrEqual(0);

    // They were turned away by the bound and by nothing else: what it allows was let in.
    const [crowd] = first;
    expect(crowd?.words).toEqual(new Set(['enter', 'ready']));
    // A machine that stands still for longer than the bucket takes to fill loses what runs over.
    const perUs = (1.1 * ratePerSecond) / SECOND_US;
    const due = (crowd?.gapsUs ?? []).map((us) => Math.min(us * perUs, 0.9 * capacity));
    const allowed = capacity === 1 ? 0 : due.reduce((sum, one) => sum + one, 0);
    expect(entries.length).toBeGreaterThanOrEqual(Math.floor(0.9 * capacity + allowed) - 1);
    expect(repeats.length).toBeGreaterThanOrEqual(Math.ceil(capacity / 10));
    expect(entries.length + repeats.length).toBeLessThan((people + held) / 3);
  },
);

test('the worst window is the worst of all pairs', () => {
  const gaps = fc.array(fc.nat({ max: 400_000 }), { minLength: 1, maxLength: 40 });
  const pace = fc.record({ ratePerSecond: fc.integer({ min: 1, max: 50 }), capacity: fc.nat(9) });
  fc.assert(
    fc.property(pace, gaps, (terms, waits) => {
      let after = 1_700_000_000_000_000;
      const forwards = waits.map((wait): Forward => {
        after += wait;
        return { after, before: after + (wait % 500) };
      });
      const all = forwards.flatMap((from, index) =>
        forwards.slice(index).map((to, more) => {
          return more + 1 - mostIn(terms, to.before + 1_000 - from.after);
        }),
      );
      expect(worstExcess(terms, forwards)).toBeCloseTo(Math.max(...all), 3);
    }),
  );
});
