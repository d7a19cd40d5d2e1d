// Activities managed from outside, on the embedded stack.
import { join } from 'node:path';
import { afterAll, beforeAll, describe, inject } from 'vitest';
import { makeSecrets } from '../stack/secrets.ts';
import { type Stack, startStack } from '../stack/stack.ts';
import { itIsManagedAsPromised } from './activities-contract.ts';
import { freshName } from './send.ts';

let stack: Stack;

beforeAll(async () => {
  const dir = join(inject('scratchDir'), freshName('activities'));
  stack = await startStack({ kind: 'embedded', dir, secrets: makeSecrets() });
}, 60_000);
afterAll(() => stack.stop());

describe('activities on the embedded stack', () => itIsManagedAsPromised(() => stack));
