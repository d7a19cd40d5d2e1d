// The operator's switch, as a person uses it: the CLI on one side, a buyer on the other.
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { run } from '../local/services/programs.ts';
import { ROOT } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { openSale, tokenOf, until } from './client.ts';
import { freshName, type Members, send } from './send.ts';

const WITHIN_MS = 2_500;
const PRESS_EVERY_MS = 350;
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

test('selling stops and goes on; orders that exist are answered all the while', async () => {
  const { edge } = stack;
  const { skuId } = await openSale(edge, { stock: 50 });
  const press = async (token: string) =>
    (await send(`${edge}/api/seckill/${skuId}`, { token, body: {} })).status;
  const fresh = async () => press(await tokenOf(edge, freshName('buyer')));
  const first = await tokenOf(edge, freshName('buyer'));
  await until(async () => (await press(first)) === 201 || undefined);

  await set('selling', 'off');
  await until(async () => (await fresh()) === 503 || undefined, WITHIN_MS);
  await until(async () => (await press(first)) === 201 || undefined);
  await expect(set('selling', 'perhaps')).rejects.toThrow();
  expect(await fresh()).toBe(503);

  await set('selling');
  await until(async () => (await fresh()) === 201 || undefined, WITHIN_MS);
});

test('a weight that is set shows in the score of a purchase, and when it is taken back', async () => {
  const { edge } = stack;
  const terms = { stock: 50, ratePerSecond: 1_000, capacity: 50, challengeAt: 76, denyAt: 76 };
  const { skuId } = await openSale(edge, terms);
  const people = Array.from({ length: 3 * 8 }, () => tokenOf(edge, freshName('buyer')));
  const tokens = await Promise.all(people);
  async function untilPressed(from: number, status: number): Promise<Members> {
    const deadline = Date.now() + WITHIN_MS;
    for (const token of tokens.slice(from, from + 8)) {
      const answer = await send(`${edge}/api/seckill/${skuId}`, { token, body: {} });
      if (answer.status === status) return answer.body;
      if (Date.now() > deadline) break;
      await pause(PRESS_EVERY_MS);
    }
    throw new Error(`never answered ${status}`);
  }
  // These clients have no page token: 22 points of themselves.
  await untilPressed(0, 201);
  await set('weights', '{"no-page":99}');
  const { reference } = await untilPressed(8, 403);
  const heavy = { rule: 'no-page', weight: 99 };
  const explained = await until(async () => explain(String(reference)));
  expect(explained).toMatchObject({ skuId, hits: expect.arrayContaining([heavy]) });
  expect(explained.score).toBeGreaterThanOrEqual(99);
  await set('weights');
  await untilPressed(16, 201);
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
