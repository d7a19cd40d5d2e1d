import { expect, it } from 'vitest';
import { parseFlags } from './flags.ts';

it('runs with and without bot management, on all layers, unless told otherwise', () => {
  expect(parseFlags([])).toMatchObject({
    kind: 'run',
    flags: { runs: ['without', 'with'], layers: ['l1', 'l2', 'l3'], corpus: undefined },
  });
  expect(parseFlags(['--without-bot-management', '--only', 'L1,L2', '--limit', '9'])).toMatchObject(
    {
      kind: 'run',
      flags: { runs: ['without'], layers: ['l1', 'l2'], limit: 9 },
    },
  );
});

it('says what it cannot read', () => {
  expect(parseFlags(['--only', 'L9']).kind).toBe('faulty');
  expect(parseFlags(['--limit', 'some']).kind).toBe('faulty');
  expect(parseFlags(['--unknown']).kind).toBe('faulty');
  expect(parseFlags(['--help']).kind).toBe('help');
});
