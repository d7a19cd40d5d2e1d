// What a change of leader keeps, and what an old leader may not do.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { parseCallLog } from '../../line/calls/call-log.ts';
import { LineWorld } from './line-world.ts';

let world: LineWorld;
beforeAll(async () => {
  world = await LineWorld.open();
  await world.lead(1);
});
afterAll(() => world.close());

const WITHIN = { timeout: 15_000 };
type Sale = Awaited<ReturnType<LineWorld['create']>>;

async function openSale(people: number): Promise<Sale> {
  const sale = await world.create({ startsInMs: -1_000 });
  await world.load(sale);
  await expect.poll(async () => (await world.status(sale.skuId))?.joinable, WITHIN).toBe(true);
  await Promise.all(Array.from({ length: people }, (_, user) => world.admit(sale, `u${user}`)));
  return sale;
}

const logOf = async ({ skuId }: Sale) =>
  parseCallLog((await world.edge.get(edgeKeys.callLog(skuId))) ?? undefined);
const calledIn = async (sale: Sale) => (await logOf(sale))?.total ?? 0;
const clockOf = ({ skuId }: Sale) => world.edge.hgetall(edgeKeys.lineClock(skuId));

describe('a change of leader', () => {
  it('keeps the log, counts nobody twice, and leaves nothing to the old one', async () => {
    const sale = await openSale(60);
    await expect.poll(() => calledIn(sale), WITHIN).toBeGreaterThan(3);
    await world.lead(2);
    await expect.poll(async () => (await clockOf(sale)).term, WITHIN).toBe('2');
    const total = await calledIn(sale);
    expect(total).toBeGreaterThan(3);
    // The log goes on while it is read: whoever was counted twice would be too many for good.
    await expect.poll(() => world.called, WITHIN).toBeGreaterThanOrEqual(total);
    await expect.poll(async () => world.called - (await calledIn(sale)), WITHIN).toBe(0);
    // The old one wakes up: it neither moves the clock nor writes a document.
    const { length } = world.errors;
    await world.lead(1);
    await expect.poll(() => world.errors.length, WITHIN).toBeGreaterThan(length);
    expect(String(world.errors.at(-1))).toContain('is kept by a leader of term 2');
    expect((await clockOf(sale)).term).toBe('2');
    const { version } = (await world.status(sale.skuId)) ?? {};
    const more = world.errors.length + 5;
    await expect.poll(() => world.errors.length, WITHIN).toBeGreaterThan(more);
    expect((await world.status(sale.skuId))?.version).toBe(version);
  });
});
