import { expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

test('without flags the crowd is the documented one', () => {
  const result = parseFlags([]);
  expect(result).toMatchObject({
    kind: 'run',
    flags: { kind: 'embedded', buyers: 2_000, bots: 1_000, stock: 200, jsonFile: undefined },
  });
});

test('flags are taken', () => {
  const args = ['--full', '--buyers', '10', '--bots', '0', '--seed', '7', '--json', 'x.json'];
  expect(parseFlags(args)).toMatchObject({
    kind: 'run',
    flags: { kind: 'full', buyers: 10, bots: 0, seed: 7, jsonFile: 'x.json' },
  });
});

test.for([['--buyers', '0'], ['--bots', '-1'], ['--stock', '1.5'], ['--seed', 'x'], ['--what']])(
  '%s %s is refused',
  (args) => {
    expect(parseFlags(args).kind).toBe('faulty');
  },
);

test('--help is answered', () => {
  expect(parseFlags(['--help']).kind).toBe('help');
});
