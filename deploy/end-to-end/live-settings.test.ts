// The operator's switch, as a person uses it: the CLI on one side, a buyer on the other.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { run } from '../local/services/programs.ts';
import { ROOT } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { decided, openSale, tokenOf, until } from './client.ts';
import { freshName, type Members, send } from './send.ts';

const WITHIN_MS = 2_500;
const PRESS_EVERY_MS = 350;
const PRESSES = Math.ceil(WITHIN_MS / PRESS_EVERY_MS);
let stack: Stack;
beforeAll(async () => {
  stack = await startStack({
    kind: 'embedded',
    dir: join(inject('scratchDir'), freshName('settings')),
    secrets: makeSecrets(),
  });
});
afterAll(() => stack?.stop());

async function set(...setting: string[]): Promise<void> {
  if (!('file' in stack.liveSettings)) throw new Error('the embedded stack has a file');
  const env = { PROFILE: 'local', LIVE_SETTINGS_FILE: stack.liveSettings.file };
  await run(process.execPath, [join(ROOT, 'origin/cli/cli.ts'), 'config', 'set', ...setting], env);
}

/** Buyers whose devices have been shown, for so many waits. */
const peopleFor = (waits: number): Promise<string[]> =>
  Promise.all(
    Array.from({ length: waits * PRESSES }, () => tokenOf(stack.edge, freshName('buyer'))),
  );

const press = (skuId: unknown, token: string) =>
  send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} });

/** Of these, one after the other presses until one is answered so: as many as the time allows. */
async function untilPressed(
  skuId: unknown,
  people: string[],
  wanted: { status: number; slug?: string },
): Promise<Members> {
  for (const token of people.splice(0, PRESSES)) {
    const { status, body } = await press(skuId, token);
    const isSo = wanted.slug === undefined || body.type === `/problems/${wanted.slug}`;
    if (status === wanted.status && isSo) return body;
    await pause(PRESS_EVERY_MS);
  }
  throw new Error(`never answered ${JSON.stringify(wanted)}`);
}

test('selling stops and goes on; orders that exist are answered all the while', async () => {
  const { skuId } = await openSale(stack.edge, { stock: 50 });
  const [first, last, ...people] = await peopleFor(3);
  const buys = async (token = '') => (await press(skuId, token)).status === 201 || undefined;
  await until(() => buys(first));

  const stopped = { status: 503, slug: 'paused' };
  await set('selling', 'off');
  await untilPressed(skuId, people, stopped);
  await until(() => buys(first));
  await expect(set('selling', 'perhaps')).rejects.toThrow();
  expect(await decided(() => press(skuId, last ?? ''))).toMatchObject({
    ...{ status: 503, body: { type: '/problems/paused' } },
  });

  await set('selling');
  await untilPressed(skuId, people, { status: 201 });
});

test('a weight that is set shows in the score of a purchase, and when it is taken back', async () => {
  const terms = { stock: 50, ratePerSecond: 1_000, capacity: 50, challengeAt: 76, denyAt: 76 };
  const { skuId } = await openSale(stack.edge, terms);
  const people = await peopleFor(3);
  // These clients have no page token: 22 points of themselves.
  await untilPressed(skuId, people, { status: 201 });
  await set('weights', '{"no-page":99}');
  const { reference } = await untilPressed(skuId, people, { status: 403 });
  const heavy = { rule: 'no-page', weight: 99 };
  const explained = await until(async () => explain(String(reference)));
  expect(explained).toMatchObject({ skuId, hits: expect.arrayContaining([heavy]) });
  expect(explained.score).toBeGreaterThanOrEqual(99);
  await set('weights');
  await untilPressed(skuId, people, { status: 201 });
});

/** As an operator would ask; undefined while it is not written yet. */
async function explain(reference: string): Promise<Members | undefined> {
  const { host, port } = stack.redis;
  const env = { PROFILE: 'local', EDGE_REDIS_HOST: host, EDGE_REDIS_PORT: String(port) };
  const cli = join(ROOT, 'origin/cli/cli.ts');
  try {
    return JSON.parse(await run(process.execPath, [cli, 'explain', reference, '--json'], env));
  } catch (error) {
    if (String(error).includes('Nothing is known')) return undefined;
    throw error;
  }
}
