import { parseArgs } from 'node:util';
import { wholeNumber } from '../local/whole-number.ts';

export interface DemoFlags {
  readonly kind: 'embedded' | 'full';
  readonly buyers: number;
  readonly bots: number;
  readonly stock: number;
  readonly seed: number;
  readonly jsonFile: string | undefined;
}

export type FlagsResult =
  | { readonly kind: 'run'; readonly flags: DemoFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'faulty'; readonly detail: string };

export const HELP = `Opens a sale on this machine, sends a crowd through the real Worker and checks every promise.

Usage: npm run demo [-- flags]

  --buyers N    people who want a unit            [2000]
  --bots N      crude scripts among them          [1000]
  --stock N     units on sale                     [200]
  --seed N      the same seed, the same crowd     [a new one]
  --json FILE   writes the results for machines
  --full        on MariaDB, Kafka and etcd, started for this run
  --help        this text

Ends with 0 when every promise was kept, else with 1.
`;

const MOST = { buyers: 200_000, bots: 100_000, stock: 1_000_000, seed: 2 ** 32 - 1 };

export function parseFlags(args: readonly string[]): FlagsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        buyers: { type: 'string', default: '2000' },
        bots: { type: 'string', default: '1000' },
        stock: { type: 'string', default: '200' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        json: { type: 'string' },
        full: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: DemoFlags = {
      kind: values.full ? 'full' : 'embedded',
      buyers: wholeNumber({ name: 'buyers', text: values.buyers, least: 1, most: MOST.buyers }),
      bots: wholeNumber({ name: 'bots', text: values.bots, least: 0, most: MOST.bots }),
      stock: wholeNumber({ name: 'stock', text: values.stock, least: 1, most: MOST.stock }),
      seed: wholeNumber({ name: 'seed', text: values.seed, least: 0, most: MOST.seed }),
      jsonFile: values.json,
    };
    return { kind: 'run', flags };
  } catch (error) {
    return { kind: 'faulty', detail: error instanceof Error ? error.message : String(error) };
  }
}
