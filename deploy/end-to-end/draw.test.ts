// A sale with a draw, through the real edge.
import { join } from 'node:path';
import { afterAll, beforeAll, inject } from 'vitest';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { itDrawsAsPromised } from './draw-contract.ts';
import { freshName } from './send.ts';

let stack: Stack;
beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('draw'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
});
afterAll(() => stack?.stop());

itDrawsAsPromised(() => stack);
