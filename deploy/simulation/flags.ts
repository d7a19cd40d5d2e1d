import { parseArgs } from 'node:util';
import { wholeNumber } from '../local/whole-number.ts';

export interface SimulationFlags {
  readonly seed: number;
  readonly sales: number;
  readonly extent: 'all' | 'short';
  readonly jsonFile: string | undefined;
}

export type FlagsResult =
  | { readonly kind: 'run'; readonly flags: SimulationFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'faulty'; readonly detail: string };

export const HELP = `Runs whole sales in virtual seconds, by the origin's own functions, and judges the line.

Usage: npm run simulate [-- flags]

  --seed N      the same seed, the same people  [1]
  --sales N     sales over which chances and waits are scored, 1 to 2000  [400]
  --short       a few cells of each kind
  --json FILE   the results for machines
  --help        this text

Ends with 0 when every bound was kept, else with 1.
`;

export function parseFlags(args: readonly string[]): FlagsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seed: { type: 'string', default: '1' },
        sales: { type: 'string', default: '400' },
        short: { type: 'boolean', default: false },
        json: { type: 'string' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: SimulationFlags = {
      seed: wholeNumber({ name: 'seed', text: values.seed, least: 1, most: 2 ** 32 - 1 }),
      sales: wholeNumber({ name: 'sales', text: values.sales, least: 1, most: 2_000 }),
      extent: values.short ? 'short' : 'all',
      jsonFile: values.json,
    };
    return { kind: 'run', flags };
  } catch (error) {
    return { kind: 'faulty', detail: error instanceof Error ? error.message : String(error) };
  }
}
