import { parseArgs } from 'node:util';
import { LAYERS, type Layer } from './outcome.ts';

export interface BotsFlags {
  readonly corpus: string | undefined;
  readonly labels: string | undefined;
  readonly jsonFile: string | undefined;
  readonly runs: readonly ('without' | 'with')[];
  readonly layers: readonly Layer[];
  readonly limit: number;
  readonly seed: number;
}

export type FlagsResult =
  | { readonly kind: 'run'; readonly flags: BotsFlags }
  | { readonly kind: 'help' }
  | { readonly kind: 'faulty'; readonly detail: string };

export const HELP = `Replays labelled traffic through the real Worker and tells whom layer 1 stopped.

Usage: npm run bench:bots [-- flags]

  --corpus FILE             a session a line, plain or gzip  [one that is generated here]
  --labels FILE             labels, where they stand apart
  --json FILE               the report for machines
  --without-bot-management  only the run without cf.botManagement  [both runs]
  --only L1,L2              the report with these layers alone
  --limit N                 the first N sessions
  --seed N                  of the corpus that is generated  [1]
  --help                    this text
`;

export function parseFlags(args: readonly string[]): FlagsResult {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        corpus: { type: 'string' },
        labels: { type: 'string' },
        json: { type: 'string' },
        'without-bot-management': { type: 'boolean', default: false },
        only: { type: 'string', default: LAYERS.join(',') },
        limit: { type: 'string' },
        seed: { type: 'string', default: '1' },
        help: { type: 'boolean', default: false },
      },
    });
    if (values.help) return { kind: 'help' };
    const flags: BotsFlags = {
      corpus: values.corpus,
      labels: values.labels,
      jsonFile: values.json,
      runs: values['without-bot-management'] ? ['without'] : ['without', 'with'],
      layers: layersIn(values.only),
      limit: values.limit === undefined ? Number.POSITIVE_INFINITY : count('limit', values.limit),
      seed: count('seed', values.seed),
    };
    return { kind: 'run', flags };
  } catch (error) {
    return { kind: 'faulty', detail: error instanceof Error ? error.message : String(error) };
  }
}

function layersIn(text: string): Layer[] {
  const names = text.toLowerCase().split(',');
  const unknown = names.find((name) => !LAYERS.some((layer) => layer === name));
  if (unknown !== undefined) throw new Error(`--only takes ${LAYERS.join(', ')}, not ${unknown}`);
  return LAYERS.filter((layer) => names.includes(layer));
}

function count(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number`);
}
