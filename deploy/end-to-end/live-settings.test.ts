// The operator's switch, as a person uses it: the CLI on one side, a buyer on the other.
import { join } from 'node:path';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { run } from '../local/services/programs.ts';
import { ROOT } from '../stack/places.ts';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { openSale, tokenOf, until } from './client.ts';
import { freshName, send } from './send.ts';

const WITHIN_MS = 2_500;
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
