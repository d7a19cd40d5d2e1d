import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type DrawLine, leafOf, sha1 } from '../../../lua/draw-under-test.ts';
import { drawKey, placeOfEntry, turnOfPlace } from '../../../shared/draw.ts';
import { edgeKeys } from '../../../shared/keys.ts';
import { drawReportOf } from '../../draw/draw-report.ts';
import { drawStatusOf } from '../../draw/draw-status.ts';
import { verifyDraw } from '../../draw/verify-draw.ts';
import { DrawWorld } from './draw-world.ts';

let world: DrawWorld;
beforeAll(async () => {
  world = await DrawWorld.open();
  world.lead();
  // An old leader that goes on changes nothing.
  world.lead();
});
afterAll(() => world.close());

/** Until the start: all that comes before it must be done by then on a slow machine, too. */
const SOON_MS = 7_000;
const until = { timeout: 15_000, interval: 20 };
const users = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const stood = (line: DrawLine) => expect.poll(() => world.stands(line), until).toBe(1);
const statusOf = (line: DrawLine) => drawStatusOf(world.row(line));
const saved = (line: DrawLine, entries: number) =>
  expect.poll(() => statusOf(line)?.entries, until).toBe(entries);
const closed = (line: DrawLine) =>
  expect.poll(() => statusOf(line)?.root, until).toEqual(expect.any(String));

async function checked(line: DrawLine) {
  const report = await drawReportOf(world.store, world.row(line));
  if (report === undefined) throw new Error('the draw is not closed');
  const { checks } = await verifyDraw(report, {});
  expect(checks.filter(({ holds }) => !holds)).toEqual([]);
  return report;
}

it('saves entries, closes at the start though nobody comes, and can be checked by anybody', async () => {
  const line = await world.create(SOON_MS, 'evening numbers');
  await stood(line);
  const commitment = statusOf(line)?.commitment;
  for (const user of users(25)) expect((await world.enter(line, user))[0]).toBe('entered_draw');
  await saved(line, 25);
  expect(statusOf(line)).toEqual({ commitment, beacon: 'evening numbers', entries: 25 });
  await closed(line);
  const report = await checked(line);
  expect(report.leaves).toEqual(users(25).map(leafOf));
  const seed = Buffer.from(report.seed ?? '', 'hex');
  expect(createHash('sha256').update(seed).digest('hex')).toBe(commitment);

  const { entries, chain = '', beacon } = report;
  const key = await drawKey(sha1, { seed: report.seed ?? '', entries, chain, beacon });
  for (const [index, user] of users(25).entries()) {
    const place = await placeOfEntry(sha1, { key, entries, index });
    const turn = turnOfPlace(place, { ratePerSecond: 10, capacity: 10 });
    expect((await world.enter(line, user))[2]).toBe(turn);
  }
  expect((await world.enter(line, 'late'))[2]).toBe(1_600);
  expect(world.errors).toEqual([]);
});

it('puts the draw back into a Redis that lost it, before the start and after', async () => {
  const line = await world.create(SOON_MS);
  await stood(line);
  const answers: unknown[][] = [];
  for (const user of users(12)) answers.push(await world.enter(line, user));
  await saved(line, 12);
  await world.redis.flushall();
  await world.openLine(line);
  await stood(line);
  const ticketOf = (index: number) => {
    const ulid = String(answers[index]?.[1]);
    return { ticket: { ulid, turn: 0, until: 0, entry: index } };
  };
  const back = await world.enter(line, 'user-7', ticketOf(7));
  expect([back[1], back[8]]).toEqual([answers[7]?.[1], 7]);
  expect((await world.enter(line, 'new'))[8]).toBe(12);
  await closed(line);
  const { root } = await checked(line);
  const turns = [];
  for (const index of users(12).keys()) {
    turns.push((await world.enter(line, `user-${index}`, ticketOf(index)))[2]);
  }
  await world.redis.flushall();
  await world.openLine(line);
  await stood(line);
  await expect
    .poll(async () => (await world.enter(line, 'user-0', ticketOf(0)))[0], until)
    .not.toBe('no_line');
  for (const index of users(12).keys()) {
    const answer = await world.enter(line, `user-${index}`, ticketOf(index));
    expect(answer.slice(1, 3)).toEqual([answers[index]?.[1], turns[index]]);
  }
  expect(statusOf(line)?.root).toBe(root);
});

it('begins from the database where Redis went back to an older state', async () => {
  const line = await world.create(SOON_MS);
  await stood(line);
  const draw = edgeKeys.draw(line.skuId);
  for (const user of users(3)) await world.enter(line, user);
  const older = await world.redis.hmget(draw, 'count', 'chain');
  for (const user of users(8)) await world.enter(line, user);
  await saved(line, 8);
  await world.redis.hset(draw, { count: older[0] ?? '', chain: older[1] ?? '' });
  await world.redis.ltrim(edgeKeys.drawEntries(line.skuId), 0, 2);
  await expect.poll(() => world.redis.hget(draw, 'count'), until).toBe('8');
  expect((await world.enter(line, 'next'))[8]).toBe(8);
  await closed(line);
  expect((await checked(line)).leaves).toEqual([...users(8), 'next'].map(leafOf));
});

it('begins from the database where other entries stand than were saved', async () => {
  const line = await world.create(SOON_MS);
  await stood(line);
  for (const user of users(5)) await world.enter(line, user);
  await saved(line, 5);
  await world.redis.hset(edgeKeys.draw(line.skuId), 'chain', '0'.repeat(40));
  await world.enter(line, 'astray');
  await expect.poll(() => world.errors.length, until).toBeGreaterThan(0);
  await expect.poll(() => world.redis.hget(edgeKeys.draw(line.skuId), 'count'), until).toBe('5');
  await closed(line);
  expect((await checked(line)).leaves).toEqual(users(5).map(leafOf));
});
