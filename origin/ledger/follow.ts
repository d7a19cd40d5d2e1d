// Follows a ledger line by line and tells what it says was sold, or where it cannot be true.
import * as v from 'valibot';
import { LEDGER_OUTCOMES } from './ledger.ts';

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const lineSchema = v.tuple([
  count,
  count,
  v.picklist(['loaded', 'reserved', 'paid', 'cancelled', 'adjusted', 'epoch', 'lost']),
  v.nullable(v.string()),
  count,
  v.picklist(LEDGER_OUTCOMES),
  v.nullable(v.string()),
]);
type Line = v.InferOutput<typeof lineSchema>;

type Held = { readonly status: 'PENDING' | 'PAID' | 'CANCELLED'; readonly units: number };

export interface Followed {
  epoch: number;
  seq: number;
  stock: number;
  sold: number;
  readonly orders: Map<string, Held>;
}

export const startOfLedger = (): Followed => ({
  ...{ epoch: 0, seq: 0, stock: 0, sold: 0 },
  orders: new Map(),
});

/** Applies one line; answers why it cannot stand here, if so. */
export function followLine(sale: Followed, text: string): string | undefined {
  const line = parseLine(text);
  if (line === undefined) return 'is no line of a ledger';
  const [epoch, seq, type, , units, outcome] = line;
  if (type === 'loaded') {
    if (sale.epoch !== 0) return 'loads a sale that was loaded before';
    Object.assign(sale, { epoch, seq: 0, stock: units });
    return undefined;
  }
  if (outcome === 'fenced') return settle(sale, line, 'CANCELLED');
  if (outcome === 'replayed' || outcome === 'discarded') return decide(sale, line);
  if (outcome === 'former' || outcome === 'former-kept') return applyEvent(sale, line);
  if (type === 'lost') return pass(sale, { epoch, seq });
  const misplaced = advance(sale, { epoch, seq, isOpening: type === 'epoch' });
  // What could not be written may have stood anywhere.
  if (outcome === 'dead') return undefined;
  if (misplaced !== undefined || outcome === 'known') return misplaced;
  return applyEvent(sale, line);
}

function applyEvent(sale: Followed, line: Line): string | undefined {
  const [, , type, orderId, units, outcome, reason] = line;
  switch (type) {
    case 'reserved':
      return settle(sale, line, outcome === 'guarded' ? 'CANCELLED' : 'PENDING');
    case 'paid':
    case 'cancelled':
      if (!sale.orders.has(orderId ?? '')) {
        // What a failure took before it was written is named here for the first time.
        if (reason !== 'LOST_IN_FAILURE') return `is about an order that was never made`;
        sale.orders.set(orderId ?? '', { status: 'CANCELLED', units });
        return undefined;
      }
      return settle(sale, line, type === 'paid' ? 'PAID' : 'CANCELLED');
    case 'adjusted':
      sale.stock = units;
      return units < sale.sold ? 'sets a stock below what is sold' : undefined;
    default:
      return undefined;
  }
}

/** Numbers are gapless within an epoch; epochs only grow. */
function advance(
  sale: Followed,
  { epoch, seq, isOpening }: { epoch: number; seq: number; isOpening: boolean },
): string | undefined {
  const isNext = isOpening ? epoch > sale.epoch : epoch === sale.epoch && seq === sale.seq + 1;
  if (!isNext) return `has number ${epoch}-${seq} behind ${sale.epoch}-${sale.seq}`;
  Object.assign(sale, { epoch, seq: isOpening ? 0 : seq });
  return undefined;
}

/** Numbers that say nothing are passed, never taken back. */
function pass(sale: Followed, { epoch, seq }: { epoch: number; seq: number }): string | undefined {
  if (epoch !== sale.epoch || seq <= sale.seq) return `loses ${epoch}-${seq} behind ${sale.seq}`;
  sale.seq = seq;
  return undefined;
}

/** What was decided about a dead letter: a replayed reservation without a reason holds its units. */
function decide(sale: Followed, line: Line): string | undefined {
  const [, , type, orderId, , outcome, reason] = line;
  if (outcome === 'discarded' || orderId === null) return undefined;
  if (type === 'reserved') return settle(sale, line, reason === null ? 'PENDING' : 'CANCELLED');
  if (type === 'paid' || type === 'cancelled') return applyEvent(sale, line);
  return undefined;
}

function settle(sale: Followed, line: Line, status: Held['status']): string | undefined {
  const [, , type, orderId, units, outcome] = line;
  if (orderId === null) return 'names no order';
  const before = sale.orders.get(orderId);
  if (before?.status === 'CANCELLED' && type !== 'reserved') return undefined;
  if (before?.status === 'PAID' && status === 'PENDING') return undefined;
  const held = before === undefined || before.status === 'CANCELLED' ? 0 : before.units;
  const now = before !== undefined && type !== 'reserved' ? before.units : units;
  sale.orders.set(orderId, { status, units: now });
  if (outcome !== 'kept' && outcome !== 'former-kept')
    sale.sold += (status === 'CANCELLED' ? 0 : now) - held;
  return sale.sold > sale.stock ? `sells ${sale.sold} of ${sale.stock} units` : undefined;
}

function parseLine(text: string): Line | undefined {
  try {
    const result = v.safeParse(lineSchema, JSON.parse(text));
    return result.success ? result.output : undefined;
  } catch {
    return undefined;
  }
}
