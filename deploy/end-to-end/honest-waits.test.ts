// A real line shows no wait while nobody can know one.
import { join } from 'node:path';
import * as v from 'valibot';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { openSale, tokenOf, until } from './client.ts';
import { freshName, send } from './send.ts';

const PEOPLE = 40;
const TERMS = { stock: 2_000, ratePerSecond: 1, capacity: 20 };

const numbers = v.object({
  state: v.literal('QUEUED'),
  estimatedWaitSeconds: v.nullable(v.number()),
  waitRangeSeconds: v.nullable(v.tuple([v.number(), v.number()])),
});

let stack: Stack;
beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('waits'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
});
afterAll(() => stack?.stop());

test('while the sale is paused no wait is shown, and one again afterwards', async () => {
  const tokens = await Promise.all(
    Array.from({ length: PEOPLE }, () => tokenOf(stack.edge, freshName('person'))),
  );
  const { skuId, activityId } = await openSale(stack.edge, TERMS);
  const joined = await Promise.all(
    tokens.map((token) => send(`${stack.edge}/api/seckill/${skuId}`, { token, body: {} })),
  );
  const last = joined
    .map(({ body }) => body)
    .filter(({ state }) => state === 'QUEUED')
    .sort((one, other) => Number(other.position) - Number(one.position))[0];
  const admin = await tokenOf(stack.edge, 'admin', 'admin');
  const look = async () => {
    const { body } = await send(`${stack.edge}/api/seckill/queue/${last?.ticket}`);
    const { estimatedWaitSeconds: wait, waitRangeSeconds: range } = v.parse(numbers, body);
    expect(range === null).toBe(wait === null);
    return wait;
  };
  const untilWait = async (isShown: (wait: number | null) => boolean, withinMs: number) =>
    until(async () => isShown(await look()) || undefined, withinMs);
  const tell = async (word: 'pause' | 'resume') => {
    const url = `${stack.edge}/api/activities/${activityId}/${word}`;
    expect((await send(url, { method: 'POST', token: admin })).status).toBe(200);
  };
  await untilWait((wait) => wait !== null, 20_000);
  await tell('pause');
  await untilWait((wait) => wait === null, 3_000);
  for (let looks = 0; looks < 20; looks += 1) expect(await look()).toBeNull();
  await tell('resume');
  await untilWait((wait) => wait !== null, 20_000);
});
