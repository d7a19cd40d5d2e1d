import { parseArgs } from 'node:util';
import { wholeNumber } from '../local/whole-number.ts';
import type { StackKind } from './plan.ts';

export interface ChaosFlags {
  readonly kind: StackKind;
  readonly runs: number;
  /** Of the first run; each one after it has the next. */
  readonly seed: number;
  readonly jsonFile: string | undefined;
}

export type FlagsResult =
  | { readonly kind: 'run'; readonly flags: ChaosFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'faulty'; readonly detail: string };

export const HELP = `Opens a sale on real processes, kills, stops and robs them while people buy, and checks the promises.

Usage: npm run chaos [-- flags]

  --runs N      runs, one after the other, each on a stack of its own   [1]
  --seed N      decides faults, sale and buyers; run k has seed N + k   [a new one]
  --json FILE   writes the results for machines
  --full        Redis, Kafka, MariaDB, etcd, two origins, relay and writer of their own   [this]
  --embedded    Redis and SQLite, one origin
  --help        this text

A run takes 45 to 90 seconds, on a busy machine up to 180. Progress goes to standard error, a table
to standard output. Where a promise broke the exit code is 1, and the logs of that run stay in
.local/chaos-PID/SEED.
`;

const MOST = { runs: 1_000, seed: 2 ** 32 - 1 };

export function parseFlags(args: readonly string[]): FlagsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        runs: { type: 'string', default: '1' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        json: { type: 'string' },
        full: { type: 'boolean', default: false },
        embedded: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    if (values.full && values.embedded) throw new Error('either --full or --embedded');
    const flags: ChaosFlags = {
      kind: values.embedded ? 'embedded' : 'full',
      runs: wholeNumber({ name: 'runs', text: values.runs, least: 1, most: MOST.runs }),
      seed: wholeNumber({ name: 'seed', text: values.seed, least: 0, most: MOST.seed }),
      jsonFile: values.json,
    };
    return { kind: 'run', flags };
  } catch (error) {
    return { kind: 'faulty', detail: error instanceof Error ? error.message : String(error) };
  }
}
