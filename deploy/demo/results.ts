// The results for machines; the names are fixed.
import { type CrowdReport, percentile } from '../crowd/outcome.ts';
import type { Tally, Verdict } from './verdicts.ts';

export function resultsOf(facts: {
  stock: number;
  tally: Tally;
  report: CrowdReport;
  verdicts: readonly Verdict[];
}): object {
  const { stock, tally, report, verdicts } = facts;
  const { sold, orders, oversold, duplicates, overLimit, leaked } = tally;
  const { people, bots, purchaseMs } = report;
  const met = (what: 'challenge' | 'refusal') => people.filter(({ met }) => met[what]).length;
  const botsThatBought = bots.filter(({ bought }) => bought).length;
  return {
    stock,
    sold,
    orders,
    oversold,
    duplicates,
    overLimit,
    leaked,
    people: {
      n: people.length,
      bought: people.filter(({ end }) => end === 'bought').length,
      refused: met('refusal'),
      challenged: met('challenge'),
    },
    bots: { n: bots.length, bought: botsThatBought, stopped: bots.length - botsThatBought },
    latencyMs: { p50: percentile(purchaseMs, 0.5), p99: percentile(purchaseMs, 0.99) },
    promises: verdicts.map(({ id, held }) => ({ id, held })),
  };
}
