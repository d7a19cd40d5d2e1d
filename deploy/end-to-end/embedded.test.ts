import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { tokenOf } from './client.ts';
import { itIsPaidAsPromised } from './payment-contract.ts';
import { itSellsAsPromised } from './purchase-contract.ts';
import { freshName, send } from './send.ts';

const secrets = makeSecrets();
let stack: Stack;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('embedded'));
  stack = await startStack({ kind: 'embedded', dir, secrets });
});
afterAll(() => stack.stop());

describe('the embedded stack', () => itSellsAsPromised(() => stack));

describe('orders of the embedded stack', () => itIsPaidAsPromised(() => stack, secrets.webhook));

describe('calls that nobody knows', () => {
  test.for([
    ['POST', '/api/receipts/x'],
    ['GET', '/api/never/heard/of'],
  ])('%s %s is not found', async ([method = '', path = '']) => {
    const token = await tokenOf(stack.edge, 'admin', 'admin');
    const body = method === 'POST' ? { body: {} } : {};
    const answer = await send(`${stack.edge}${path}`, { method, token, ...body });
    expect(answer).toMatchObject({ status: 404, body: { type: '/problems/not-found' } });
    expect(answer.headers.get('x-request-id')).toBe(answer.body.instance);
  });
});
