import { expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

test('the full stack and one run, unless told otherwise', () => {
  expect(parseFlags([])).toMatchObject({ kind: 'run', flags: { kind: 'full', runs: 1 } });
  const args = ['--runs', '10', '--seed', '3', '--json', 'out.json', '--embedded'];
  expect(parseFlags(args)).toEqual({
    kind: 'run',
    flags: { kind: 'embedded', runs: 10, seed: 3, jsonFile: 'out.json' },
  });
});

test.each([
  ['--runs', '0'],
  ['--runs', 'many'],
  ['--seed', '-1'],
  ['--full', '--embedded'],
  ['--x'],
])('refuses %s %s', (...args) => {
  expect(parseFlags(args)).toMatchObject({ kind: 'faulty' });
});

test('helps', () => {
  expect(parseFlags(['--help'])).toEqual({ kind: 'help' });
});
