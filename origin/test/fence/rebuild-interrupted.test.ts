// A rebuild may end anywhere: the next leader finishes it. A leader that wakes up late, anywhere,
// finds its next step refused.
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { RebuildOptions, RebuildScripts } from '../../fence/rebuild.ts';
import type { Script } from '../../redis/script.ts';
import type { Store } from '../../store/store.ts';
import { type Sale, SOON } from '../reserve/shop-front.ts';
import { countersOf } from './audit.ts';
import { FenceWorld } from './fence-world.ts';

const STOCK = 10;
let world: FenceWorld;
let sale: Sale;
beforeEach(async () => {
  world = await FenceWorld.open();
  await world.startWriting();
  sale = await world.openSale({ stock: STOCK, limitPerUser: 1, capacity: 1 });
  for (const userId of ['ann', 'bob', 'cid']) {
    expect(await world.buy(sale, userId)).toMatchObject({ kind: 'reserved' });
  }
  await world.untilApplied(sale, { epoch: 1, seq: 3 });
});
afterEach(() => world.close());

type ScriptStep = keyof RebuildScripts;
type StoreStep = 'takeEpoch' | 'announceEpoch' | 'openEpoch';
const STEPS: (ScriptStep | StoreStep)[] = [
  'takeEpoch',
  'closeFence',
  'appendEpoch',
  'announceEpoch',
  'restoreStock',
  'restoreOrders',
  'restoreUsers',
  'openEpoch',
];

/** The parts of a rebuild, with something that happens right behind one of its steps. */
function interrupted(
  step: ScriptStep | StoreStep,
  behind: () => Promise<void>,
): Pick<RebuildOptions, 'scripts' | 'store'> {
  const { scripts, store } = world.rebuildParts();
  if (isScript(step, scripts))
    return { scripts: { ...scripts, [step]: then(scripts[step]) }, store };
  const call = store[step];
  const after = async (argument: Parameters<typeof call>[0]) => {
    const answer = await Reflect.apply(call, store, [argument]);
    await behind();
    return answer;
  };
  return { scripts, store: { ...store, [step]: after } satisfies Store };

  function then(script: Script): Script {
    return {
      ...script,
      async run(...call) {
        const answer = await script.run(...call);
        await behind();
        return answer;
      },
    };
  }
}

const isScript = (step: ScriptStep | StoreStep, scripts: RebuildScripts): step is ScriptStep =>
  step in scripts;

/** Opened once more, with everything sold known, counted and held against the limit. */
async function expectWhole(epochs: number): Promise<void> {
  await expect.poll(() => epochsOf(sale), SOON).toEqual({ epoch: epochs, epochTaken: epochs });
  expect(await world.buyAtLast(sale, 'ann')).toEqual({ kind: 'limit-reached' });
  expect(await world.buyAtLast(sale, 'dan')).toMatchObject({ kind: 'reserved' });
  expect(await countersOf(world.redis.client, sale)).toEqual({ left: STOCK - 4, sold: 4 });
  await world.untilApplied(sale, { epoch: epochs, seq: 1 });
  const summary = await world.dependencies.store.summary(sale.activityId);
  expect(summary).toMatchObject({ orders: 4, sold: 4, overLimit: 0, deadLetters: 0 });
}

async function epochsOf(of: Sale): Promise<{ epoch: number; epochTaken: number }> {
  const { epoch, epochTaken } = await world.row(of);
  return { epoch, epochTaken };
}

describe.each(STEPS)('a rebuild behind its step %s', (step) => {
  it('cut off, is finished by the next leader', async () => {
    const cutOff = interrupted(step, () => Promise.reject(new Error('cut off')));
    await expect(world.rebuild(sale, { term: 1, ...cutOff })).rejects.toThrow('cut off');
    if (step !== 'takeEpoch') {
      const outcome = await world.buy(sale, 'eve');
      expect(outcome).toEqual({ kind: 'fenced', why: 'closed' });
    }
    await world.lead(2);
    await expectWhole(3);
  });

  it('asleep while another leader finished, changes nothing when it wakes', async () => {
    const awake = Promise.withResolvers<void>();
    const asleep = Promise.withResolvers<void>();
    const parts = interrupted(step, () => {
      asleep.resolve();
      return awake.promise;
    });
    const former = world.rebuild(sale, { term: 1, ...parts });
    await asleep.promise;
    await world.lead(2);
    await expectWhole(3);
    awake.resolve();
    expect(await former).toMatchObject({ kind: 'superseded' });
    expect(await world.buy(sale, 'eve')).toMatchObject({ kind: 'reserved' });
    expect(await countersOf(world.redis.client, sale)).toEqual({ left: STOCK - 5, sold: 5 });
    await world.untilApplied(sale, { epoch: 3, seq: 2 });
  });
});
