// The numbers of a report.

export interface Interval {
  readonly low: number;
  readonly high: number;
}

const Z95 = 1.959964;

/** Wilson's 95 % interval of a share. */
export function wilson(hits: number, n: number): Interval {
  if (n === 0) return { low: 0, high: 1 };
  const share = hits / n;
  const z2 = Z95 * Z95;
  const middle = share + z2 / (2 * n);
  const reach = Z95 * Math.sqrt((share * (1 - share)) / n + z2 / (4 * n * n));
  const bound = (value: number) => Math.min(1, Math.max(0, value / (1 + z2 / n)));
  return { low: bound(middle - reach), high: bound(middle + reach) };
}

/** The value below which `share` of them lie; 0 of none. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

/** How likely a bot's score lies above a person's, ties counting half. */
export function areaUnderCurve(bots: readonly number[], people: readonly number[]): number {
  if (bots.length === 0 || people.length === 0) return Number.NaN;
  const ranked = [
    ...bots.map((score) => ({ score, isBot: true })),
    ...people.map((score) => ({ score, isBot: false })),
  ].sort((a, b) => a.score - b.score);
  let sum = 0;
  for (let from = 0; from < ranked.length; ) {
    let to = from;
    while (to < ranked.length && ranked[to]?.score === ranked[from]?.score) to += 1;
    const rank = (from + 1 + to) / 2;
    sum += rank * ranked.slice(from, to).filter(({ isBot }) => isBot).length;
    from = to;
  }
  const least = (bots.length * (bots.length + 1)) / 2;
  return (sum - least) / (bots.length * people.length);
}

/** Precision where `share` of all sessions are bots. */
export function precisionAt(share: number, recall: number, falseAlarms: number): number {
  const caught = share * recall;
  const wronged = (1 - share) * falseAlarms;
  return caught + wronged === 0 ? Number.NaN : caught / (caught + wronged);
}
