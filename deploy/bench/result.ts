// The form of a benchmark and of its results, for people and machines.
import { cpus } from 'node:os';

export interface BenchResult {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** Value over what `against` measured in the same run. */
  readonly ratio: number;
  readonly against: string;
  readonly budget: string;
  readonly met: boolean;
}

const MOST_COST = 1.2;

export interface Bench {
  readonly name: string;
  run(surroundings: {
    /** An empty folder that is removed afterwards. */
    readonly dir: string;
    readonly progress: (message: string) => void;
  }): Promise<readonly BenchResult[]>;
}

export interface BenchReport {
  readonly machine: { readonly cores: number; readonly model: string; readonly node: string };
  readonly results: readonly BenchResult[];
}

export function reportOf(results: readonly BenchResult[]): BenchReport {
  const cores = cpus();
  const model = cores[0]?.model ?? 'unknown';
  return { machine: { cores: cores.length, model, node: process.version }, results };
}

export function lineOf(result: BenchResult): string {
  const value = `${format(result.value)} ${result.unit}`;
  const ratio = `${result.ratio.toFixed(2)} x ${result.against}`;
  const budget = `${result.met ? 'met' : 'MISSED'} (${result.budget})`;
  return `${result.name.padEnd(34)} ${value.padStart(14)}   ${ratio.padEnd(38)} ${budget}`;
}

const format = (value: number): string =>
  value >= 1_000 ? Math.round(value).toLocaleString('en-US') : value.toPrecision(3);

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

export interface Growth {
  readonly name: string;
  readonly unit: string;
  /** The smallest size in words. */
  readonly against: string;
  readonly sizes: readonly number[];
  /** Of each size, by round. */
  readonly costs: readonly (readonly number[])[];
}

/** A result for each size but the smallest: what it costs may be a fifth above that one's. */
export function flatness({ name, unit, against, sizes, costs }: Growth): BenchResult[] {
  const [smallest = [], ...others] = costs;
  return others.map((larger, index) => {
    const ratio = median(larger.map((cost, round) => cost / (smallest[round] ?? Number.NaN)));
    return {
      name: `${name}-${sizes[index + 1]}`,
      ...{ value: median(larger), unit, ratio, against },
      budget: `<= ${MOST_COST} x`,
      met: ratio <= MOST_COST,
    };
  });
}
