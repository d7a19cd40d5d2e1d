// The promises, held against what clients were told and what the database and Redis say. Pure: the
// same evidence, the same verdicts.
import type { CrowdReport, PersonEnd } from '../crowd/outcome.ts';
import type { Evidence, OrderRow } from './evidence.ts';

export interface Sale {
  readonly stock: number;
  readonly limitPerUser: number;
  /** Whether enough people wanted a unit for all to be sold. */
  readonly isWanted: boolean;
}

export interface Tally {
  readonly sold: number;
  readonly orders: number;
  readonly oversold: number;
  /** Orders that stand in two rows, and numbers of the sequence that do. */
  readonly duplicates: number;
  readonly overLimit: number;
  /** Units that are neither sold nor for sale. */
  readonly leaked: number;
  /** Orders that were confirmed and have no row. */
  readonly lost: number;
  /** Buyers who were told of more orders than they may have. */
  readonly toldTooMany: number;
}

export interface Verdict {
  readonly id: string;
  readonly held: boolean;
  readonly text: string;
}

/** Families that have no valid identity or device of their own, or show somebody else's. */
const MUST_GET_NOTHING = [
  'no-token',
  'forged-token',
  'expired-token',
  'alg-none',
  'malformed',
  'burst',
  'parallel',
  'borrowed-device',
  'past-the-edge',
];

/** Nobody who does what a page does by itself may end like this. */
const LEFT_OUTSIDE: ReadonlySet<PersonEnd> = new Set(['gave-up', 'refused', 'challenged']);

export function tallyOf(sale: Sale, report: CrowdReport, { rows, redis }: Evidence): Tally {
  const kept = rows.filter(({ status }) => status !== 'CANCELLED');
  const sold = units(kept);
  const ids = new Set(rows.map((row) => row.order_id));
  const numbers = new Set(rows.map(({ epoch, seq }) => `${epoch}-${seq}`));
  const confirmed = new Set(report.confirmed.map(({ orderId }) => orderId));
  const told = Map.groupBy(report.confirmed, ({ userId }) => userId);
  return {
    sold,
    orders: rows.length,
    oversold: Math.max(0, sold - sale.stock, redis.sold - sale.stock),
    duplicates: 2 * rows.length - ids.size - numbers.size,
    overLimit: [...Map.groupBy(kept, (row) => row.user_id).values()].filter(
      (own) => units(own) > sale.limitPerUser,
    ).length,
    leaked: Math.abs(sale.stock - redis.stock - sold),
    lost: [...confirmed].filter((orderId) => !ids.has(orderId)).length,
    toldTooMany: [...told.values()].filter(
      (answers) => new Set(answers.map(({ orderId }) => orderId)).size > sale.limitPerUser,
    ).length,
  };
}

const units = (rows: readonly OrderRow[]) => rows.reduce((sum, row) => sum + row.quantity, 0);

export function verdictsOf(facts: {
  sale: Sale;
  tally: Tally;
  report: CrowdReport;
  /** What the origin has seen, and by how much the worst span of time was above what it may. */
  entries: { readonly seen: number; readonly excess: number };
  /** Every process is the one that was started. */
  areAllAlive: boolean;
}): Verdict[] {
  const { sale, tally, report, entries, areAllAlive } = facts;
  const unfair = report.people.filter(({ unfair }) => unfair.length > 0).length;
  const unserved = report.people.filter(({ end }) => LEFT_OUTSIDE.has(end)).length;
  const thieves = report.bots.filter((bot) => bot.bought && MUST_GET_NOTHING.includes(bot.family));
  const failures = report.bots.flatMap(({ answers }) =>
    Object.keys(answers).filter((answer) => /^(0|5(?!03))/.test(answer)),
  );
  const verdict = (id: string, held: boolean, text: string): Verdict => ({ id, held, text });
  return [
    verdict('never-oversold', tally.oversold === 0, `${tally.sold} of ${sale.stock} units sold`),
    verdict(
      'sold-out',
      !sale.isWanted || tally.sold === sale.stock,
      sale.isWanted ? 'every unit found a buyer' : 'fewer buyers than units',
    ),
    verdict('limit-per-user', tally.overLimit === 0, `${tally.overLimit} users over the limit`),
    verdict(
      'every-201-once',
      tally.lost === 0 && tally.duplicates === 0,
      `${tally.lost} confirmed orders without a row, ${tally.duplicates} with two`,
    ),
    verdict('nothing-leaked', tally.leaked === 0, `${tally.leaked} units neither sold nor free`),
    verdict(
      'repeats-change-nothing',
      tally.toldTooMany === 0,
      `${tally.toldTooMany} buyers were told of a second order`,
    ),
    verdict(
      'nobody-refused-wrongly',
      unfair + unserved === 0,
      `${unfair} people answered unfairly, ${unserved} left outside`,
    ),
    verdict(
      'origin-ceiling',
      // Fewer entries than orders: nobody was watching, so nothing is known.
      entries.excess <= 0 && entries.seen >= tally.orders,
      entries.excess <= 0
        ? `${entries.seen} entries, never above 1.2 × rate + burst`
        : `${Math.ceil(entries.excess)} entries too many at once`,
    ),
    verdict('identity', thieves.length === 0, `${thieves.length} scripts bought without a right`),
    verdict(
      'bad-input',
      failures.length === 0 && areAllAlive,
      areAllAlive ? `${failures.length} requests broke something` : 'a process ended',
    ),
  ];
}
