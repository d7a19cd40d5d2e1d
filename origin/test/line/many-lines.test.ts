// What a round costs the edge Redis when a thousand sales run at once.
import { afterAll, beforeAll, expect, it } from 'vitest';
import { edgeKeys } from '../../../shared/keys.ts';
import { pipelined } from '../../redis/pipelined.ts';
import { LineWorld } from './line-world.ts';

const SALES = 1_000;
const AT_ONCE = 50;
/** Rounds are a second apart, less an eighth for timers. */
const FASTEST_ROUND_MS = 875;

let world: LineWorld;
beforeAll(async () => {
  world = await LineWorld.open();
});
afterAll(() => world.close());

/** Calls of a command since the server's start. */
async function callsOf(command: string): Promise<number> {
  const stats = await world.edge.info('commandstats');
  return Number(new RegExp(`cmdstat_${command}:calls=(\\d+)`).exec(stats)?.[1] ?? 0);
}

it('one write of the clock and one of the document a second for each of 1,000 sales', async () => {
  const open = async () => {
    const sale = await world.insert({ startsInMs: -1_000 });
    const { activityId, skuId } = sale;
    await world.store.markLoaded({ activityId, runId: world.link.runId(skuId) ?? '' });
    return sale;
  };
  // Some at a time: each call has its deadline, and a thousand would wait for one another's disk.
  const sales: Awaited<ReturnType<typeof open>>[] = [];
  while (sales.length < SALES) {
    sales.push(...(await Promise.all(Array.from({ length: AT_ONCE }, open))));
  }
  await world.wake();
  await world.lead(1);
  const last = sales.at(-1);
  const clock = () => world.edge.exists(edgeKeys.lineClock(last?.skuId ?? ''));
  await expect.poll(clock, { timeout: 30_000 }).toBe(1);
  const versions = async () => {
    const pipeline = world.edge.pipeline();
    for (const { skuId } of sales) pipeline.hget(edgeKeys.lineClock(skuId), 'version');
    return (await pipelined(pipeline)).map(Number);
  };
  const from = await versions();
  const fewest = async () =>
    Math.min(...(await versions()).map((version, at) => version - (from[at] ?? 0)));
  const [startedAt, before] = [performance.now(), await callsOf('evalsha')];
  await expect.poll(fewest, { timeout: 30_000, interval: 500 }).toBeGreaterThanOrEqual(6);
  const calls = (await callsOf('evalsha')) - before;
  // Counted against time, not against each other: a slow machine only makes fewer. Two more for those cut off.
  const rounds = 2 + (performance.now() - startedAt) / FASTEST_ROUND_MS;
  expect(calls / SALES).toBeLessThanOrEqual(2 * rounds);
  expect(world.errors).toEqual([]);
}, 120_000);
