import { expect, test } from 'vitest';
import { parseFlags } from './flags.ts';

test('without flags: 200,000 attempts of 16 origins on 5,000 units', () => {
  expect(parseFlags([])).toMatchObject({
    kind: 'run',
    flags: { attempts: 200_000, units: 5_000, origins: 16 },
  });
});

test.each([
  [['--attempts', 'many']],
  [['--origins', '0']],
  [['--origins', '65']],
  [['--attempts', '100', '--units', '11']],
  [['--what']],
])('%j is refused', (args) => {
  expect(parseFlags(args).kind).toBe('faulty');
});
