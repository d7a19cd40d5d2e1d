// The draw as scripts: entries before the start, places at it, what a loss leaves.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Redis } from '../origin/redis/client.ts';
import { drawKey, firstChain, nextChain, placeOfEntry, turnOfPlace } from '../shared/draw.ts';
import vectors from '../shared/draw.vectors.json' with { type: 'json' };
import { edgeKeys } from '../shared/keys.ts';
import { mintUlid } from '../shared/order-id.ts';
import {
  beforeStart,
  closeDraw,
  type DrawLine,
  enterDraw,
  leafOf,
  newDrawLine,
  putDraw,
  restoreEntries,
  sha1,
  start,
} from './draw-under-test.ts';
import { holdAt, lineKeys, setClock } from './line-under-test.ts';
import { openRedis, RATHER_LONG_MS, redisNow } from './real-redis.ts';

let redis: Redis;
beforeAll(async () => {
  redis = await openRedis();
});
afterAll(() => redis.disconnect());

const terms = { rate: 10, capacity: 2, windowMs: 600_000, queueLimit: 20 };
let line: DrawLine;
beforeEach(async () => {
  line = newDrawLine(terms);
  await beforeStart(redis, line);
  await putDraw(redis, line);
});
const enter = (user: string, knock = {}) => enterDraw(redis, line, user, knock);
const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const stored = (field: string) => redis.hget(edgeKeys.draw(line.skuId), field);
const entryOf = (answer: unknown[]) => answer[8];

async function turnsOf(entries: number): Promise<number[]> {
  const { seed } = line;
  const key = await drawKey(sha1, { seed, chain: (await stored('chain')) ?? '', entries });
  const pace = { ratePerSecond: terms.rate, capacity: terms.capacity };
  const places = users(entries).map((_, index) => placeOfEntry(sha1, { key, entries, index }));
  return (await Promise.all(places)).map((place) => turnOfPlace(place, pace));
}

describe('before the start', () => {
  it('each user gets one entry, in order, however often they ask', async () => {
    let chain = await firstChain(sha1, line.activityId);
    for (const [index, user] of users(5).entries()) {
      const answer = await enter(user);
      expect([answer[0], answer[2], answer[3], entryOf(answer)]).toEqual([
        'entered_draw',
        0,
        0,
        index,
      ]);
      const again = await enter(user);
      expect([again[0], again[1], entryOf(again)]).toEqual(['entered_draw', answer[1], index]);
      chain = await nextChain(sha1, chain, leafOf(user));
    }
    expect([await stored('count'), await stored('chain')]).toEqual(['5', chain]);
    const list = await redis.lrangeBuffer(edgeKeys.drawEntries(line.skuId), 0, -1);
    expect(list.map((leaf) => leaf.toString('hex'))).toEqual(users(5).map(leafOf));
    expect(await redis.pttl(edgeKeys.draw(line.skuId))).toBeGreaterThan(0);
    expect(await redis.pttl(edgeKeys.drawEntries(line.skuId))).toBeGreaterThan(0);
  });

  it('nobody enters before entries open, without a draw or where newcomers may not', async () => {
    await redis.hset(edgeKeys.draw(line.skuId), 'entryOpensAt', 9e14);
    expect(await enter('early')).toEqual(['not_open']);
    await redis.del(edgeKeys.draw(line.skuId));
    expect(await enter('lost')).toEqual(['no_line']);
    expect(await enter('none', { leaf: '' })).toEqual(['not_open']);
    await putDraw(redis, line);
    expect(await enter('late', { joinable: false })).toEqual(['closed']);
    expect(await stored('count')).toBe('0');
  });

  it('holds no more entries than the line, and a device no more than its places', async () => {
    for (const user of users(terms.capacity + terms.queueLimit)) await enter(user);
    expect(await enter('one-too-many')).toEqual(['line_full']);
    expect((await enter('user-0'))[0]).toBe('entered_draw');
    line = newDrawLine(terms);
    await beforeStart(redis, line);
    await putDraw(redis, line);
    const room = { deviceId: 'device', places: 1 };
    expect((await enter('a', { room }))[0]).toBe('entered_draw');
    expect(await enter('b', { room })).toEqual(['device_full']);
    expect([await stored('count'), await redis.llen(edgeKeys.drawEntries(line.skuId))]).toEqual([
      '1',
      1,
    ]);
  });
});

it('terms may change until the first entry', async () => {
  const opensAt = () => stored('entryOpensAt');
  const before = await opensAt();
  await expect.poll(() => redisNow(redis)).toBeGreaterThan(Number(before) + 1_005);
  expect(await putDraw(redis, line)).toBe('opened');
  const then = await opensAt();
  expect(then).not.toBe(before);
  await enter('user-0');
  await expect.poll(() => redisNow(redis)).toBeGreaterThan(Number(then) + 1_005);
  expect(await putDraw(redis, line)).toBe('known');
  expect([await opensAt(), await stored('count')]).toEqual([then, '1']);
});

describe('at the start', () => {
  it('every entry has the place that seed and entries give it; latecomers stand behind', async () => {
    for (const user of users(12)) await enter(user);
    expect(await closeDraw(redis, line)).toBe('early');
    await start(redis, line);
    const late = await enter('late');
    const turns = await turnsOf(12);
    for (const [index, user] of users(12).entries()) {
      const answer = await enter(user);
      expect([answer[2], entryOf(answer)]).toEqual([turns[index], -1]);
      expect(answer[0]).toMatch(turns[index] === 0 ? /enter|ready/ : /wait/);
    }
    expect(turns.toSorted((a, b) => a - b)).toEqual([
      0,
      0,
      ...users(10).map((_, i) => 100 * (i + 1)),
    ]);
    expect(late.slice(2, 4)).toEqual([1_100, 1_100 + terms.windowMs]);
    expect((await enter('later'))[2]).toBe(1_200);
    expect(await redis.hget(edgeKeys.lineClock(line.skuId), 'waited')).toBe('14');
  });

  it('is closed once, by whoever comes first', async () => {
    for (const user of users(3)) await enter(user);
    await start(redis, line);
    expect(await closeDraw(redis, line)).toBe('closed');
    const key = await stored('key');
    const bucket = await redis.mget(...lineKeys(line.skuId).slice(1));
    expect(bucket).toEqual(['-1', '0', '0']);
    expect(await closeDraw(redis, line)).toBe('closed');
    await enter('user-0');
    expect(await stored('key')).toBe(key);
    expect(await redis.mget(...lineKeys(line.skuId).slice(1))).toEqual(bucket);
    await setClock(redis, line, { startsInMs: RATHER_LONG_MS });
    expect(await enter('time-went-back')).toEqual(['not_open']);
  });

  it('fewer entries than the capacity leave their tokens to others', async () => {
    await enter('user-0');
    await start(redis, line);
    const turns = [];
    for (const user of ['a', 'b', 'user-0']) turns.push((await enter(user))[2]);
    expect(turns).toEqual([0, 100, 0]);
  });

  it('each entry that comes is told once, those of turn zero too; newcomers are not', async () => {
    for (const user of users(4)) await enter(user);
    await start(redis, line);
    await holdAt(redis, line.skuId, 150);
    for (const user of [...users(4), 'new', ...users(4)]) await enter(user);
    const came = () => redis.lrange(edgeKeys.came(line.skuId), 0, -1);
    expect((await came()).toSorted()).toEqual(['0', '0', '100']);
    await holdAt(redis, line.skuId, 400);
    for (const user of [...users(4), ...users(4)]) await enter(user);
    expect((await came()).toSorted()).toEqual(['0', '0', '100', '200']);
  });
});

describe('the places', () => {
  it.each(vectors)('are those of the test vector of $activityId', async (vector) => {
    const { activityId, seed, leaves } = vector;
    line = { ...newDrawLine({ ...terms, capacity: 1, rate: 1 }), activityId, seed };
    await beforeStart(redis, line);
    await putDraw(redis, line);
    await redis.hset(edgeKeys.draw(line.skuId), 'beacon', vector.beacon ?? '');
    for (const [at, leaf] of leaves.entries()) await enter(`user ${at}`, { leaf });
    await start(redis, line);
    const turns = [];
    for (const [at, leaf] of leaves.entries()) turns.push((await enter(`user ${at}`, { leaf }))[2]);
    expect(turns).toEqual(vector.places.map((place) => 1_000 * place));
    expect([await stored('chain'), await stored('key')]).toEqual([vector.chain, vector.key]);
  });
});

describe('a Redis that lost everything', () => {
  const ticketOf = (answer: unknown[], entry: number | undefined = undefined) => ({
    ticket: {
      ulid: String(answer[1]),
      turn: Number(answer[2]),
      until: Number(answer[3]),
      ...(entry === undefined ? {} : { entry }),
    },
  });
  async function lose(): Promise<void> {
    await redis.del(...(await redis.keys(`*{${line.skuId}}*`)));
  }
  async function restore(entries: number): Promise<void> {
    const leaves = users(entries).map(leafOf);
    const chain = await leaves.reduce<Promise<string>>(
      async (last, leaf) => nextChain(sha1, await last, leaf),
      Promise.resolve(firstChain(sha1, line.activityId)),
    );
    expect(await putDraw(redis, line, { entries, chain })).toBe('entries');
    const half = Math.floor(entries / 2);
    expect(await restoreEntries(redis, line, { first: 0, leaves: leaves.slice(0, half) })).toBe(
      'restored',
    );
    expect(await restoreEntries(redis, line, { first: half + 1, leaves })).toBe('gap');
    await restoreEntries(redis, line, { first: half, leaves: leaves.slice(half) });
    expect(await putDraw(redis, line, { entries, chain })).toBe('opened');
    expect(await putDraw(redis, line)).toBe('known');
    expect(await restoreEntries(redis, line, { first: 0, leaves })).toBe('known');
  }

  it('before the start: tickets give entries back, new ones stand behind the last known', async () => {
    const answers = [];
    for (const user of users(6)) answers.push(await enter(user));
    await lose();
    await beforeStart(redis, line);
    expect(await enter('user-0', ticketOf(answers[0] ?? [], 0))).toEqual(['no_line']);
    await restore(4);
    for (const index of [3, 0, 2]) {
      const answer = await enter(`user-${index}`, ticketOf(answers[index] ?? [], index));
      expect([answer[0], answer[1], entryOf(answer)]).toEqual([
        'entered_draw',
        answers[index]?.[1],
        index,
      ]);
    }
    expect(entryOf(await enter('new'))).toBe(4);
    // The database had not seen these: an index that is another's, or nobody's, is none.
    for (const [index, entry] of [
      [4, 5],
      [5, 6],
    ] as const) {
      const answer = await enter(`user-${index}`, ticketOf(answers[index] ?? [], index));
      expect([answer[1], entryOf(answer)]).toEqual([answers[index]?.[1], entry]);
    }
  });

  it('after the start: the same places come back, also without a turn in the ticket', async () => {
    const answers = [];
    for (const user of users(6)) answers.push(await enter(user));
    await start(redis, line);
    const turns = await turnsOf(6);
    await enter('user-0');
    await lose();
    await setClock(redis, line, { virtualUntil: 0, frontier: 900 });
    await restore(6);
    for (const [index, user] of users(6).entries()) {
      const answer = await enter(user, ticketOf(answers[index] ?? [], index));
      expect(answer.slice(1, 3)).toEqual([answers[index]?.[1], turns[index]]);
    }
    expect(Number((await enter('new'))[2])).toBeGreaterThan(900);
    const forged = await enter('user-7', ticketOf(['', mintUlid(Date.now()), 0, 0], 2));
    expect(Number(forged[2])).toBeGreaterThan(900);
  });
});
