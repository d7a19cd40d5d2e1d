import { parseArgs } from 'node:util';
import { wholeNumber } from '../local/whole-number.ts';

export interface RushFlags {
  readonly attempts: number;
  readonly units: number;
  readonly origins: number;
  readonly seed: number;
  readonly jsonFile: string | undefined;
}

export type FlagsResult =
  | { readonly kind: 'run'; readonly flags: RushFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'faulty'; readonly detail: string };

export const HELP = `Sends a rush of purchases through many origins at once into one Redis, and counts what came out.

Usage: npm run rush [-- flags]

  --attempts N   purchases that are tried        [200000]
  --units N      units on sale                   [5000]
  --origins N    processes that reserve at once  [16]
  --seed N       the same seed, the same rush    [a new one]
  --json FILE    writes the results for machines
  --help         this text

Redis (every write on disk before it is answered), MariaDB and Kafka are started for it and removed
afterwards. A quarter of the attempts repeats an order id, users come again and again, and some want
more than their limit. Ends with 0 when stock, rows, outbox and users' counts agree to the unit.
`;

const MOST = { attempts: 2_000_000, units: 100_000, origins: 64, seed: 2 ** 32 - 1 };
/** Below it a sale does not sell out: too many attempts repeat one, or want too much. */
const ATTEMPTS_PER_UNIT = 10;

export function parseFlags(args: readonly string[]): FlagsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        attempts: { type: 'string', default: '200000' },
        units: { type: 'string', default: '5000' },
        origins: { type: 'string', default: '16' },
        seed: { type: 'string', default: String(Date.now() % 1_000_000) },
        json: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: RushFlags = {
      attempts: wholeNumber({
        name: 'attempts',
        text: values.attempts,
        least: 1,
        most: MOST.attempts,
      }),
      units: wholeNumber({ name: 'units', text: values.units, least: 1, most: MOST.units }),
      origins: wholeNumber({ name: 'origins', text: values.origins, least: 1, most: MOST.origins }),
      seed: wholeNumber({ name: 'seed', text: values.seed, least: 0, most: MOST.seed }),
      jsonFile: values.json,
    };
    if (flags.attempts < ATTEMPTS_PER_UNIT * flags.units) {
      throw new Error(`--attempts must be at least ${ATTEMPTS_PER_UNIT} times --units`);
    }
    return { kind: 'run', flags };
  } catch (error) {
    return { kind: 'faulty', detail: error instanceof Error ? error.message : String(error) };
  }
}
