// The promises, held against what buyers were told. Pure: the same evidence, the same verdict.

import { CANCEL_REASONS } from '../../shared/words.ts';
import type { OrderRow } from '../demo/evidence.ts';
import type { Buyer, Held } from './buyer.ts';
import { type Evidence, unitsOf } from './evidence.ts';
import { wrongPlacesIn } from './places.ts';

export interface Facts {
  readonly stock: number;
  readonly limitPerUser: number;
  /** A Redis was emptied or rolled back: the last answers may be forgotten, with a reason. */
  readonly losesData: boolean;
  readonly buyers: readonly Buyer[];
  readonly evidence: Evidence;
}

export interface Verdict {
  /** Orders that buyers were told of with 201. */
  readonly answered201: number;
  readonly rows: number;
  readonly oversold: number;
  /** Told 201, and in the end without a row, an end, or a reason that a buyer can read. */
  readonly lost: number;
  readonly duplicates: number;
  readonly overLimit: number;
  /** Units that are neither sold nor for sale. */
  readonly leaked: number;
  /** What is wrong, in words; empty where every promise was kept. */
  readonly broken: readonly string[];
}

/** Reasons that only a failure gives. */
const BY_FAILURE: readonly string[] = ['OVERSOLD_GUARD', 'FENCED', 'LOST_IN_FAILURE'];

export function judge(facts: Facts): Verdict {
  const { stock, limitPerUser, buyers, evidence } = facts;
  const { rows, redis } = evidence;
  const byId = new Map(rows.map((row) => [row.order_id, row]));
  const held = buyers.flatMap((buyer) => [...buyer.held.values()]);
  const sold = unitsOf(rows);
  const users = [...Map.groupBy(rows, (row) => row.user_id)];
  const overLimit = users.filter(([, own]) => mostUnits(own) > limitPerUser);
  const lost = held.flatMap((order) => lossOf(order, byId.get(order.orderId), facts) ?? []);
  const twice = duplicatesIn(facts);
  const oversold = Math.max(0, sold - stock, redis.sold - stock, evidence.mostSold - stock);
  const leaked = Math.abs(stock - redis.stock - sold);
  const broken = [
    ...(oversold > 0
      ? [`${evidence.mostSold} units were sold of ${stock}, ${redis.sold} are in Redis`]
      : []),
    ...overLimit.map(([userId, own]) => `${userId} had ${mostUnits(own)} of ${limitPerUser}`),
    ...lost,
    ...twice,
    ...(leaked > 0 ? [`${sold} sold, ${redis.stock} for sale, of ${stock}`] : []),
    ...unsettledIn(evidence),
    ...wrongMoneyIn(held, facts),
    ...wrongPlacesIn(facts),
    ...unexpectedIn(buyers),
  ];
  return {
    answered201: held.length,
    rows: rows.length,
    ...{ oversold, lost: lost.length, duplicates: twice.length, leaked, broken },
    overLimit: overLimit.length,
  };
}

/** That a user had at once for certain: what was reserved is held with what it paid for before. */
function mostUnits(own: readonly OrderRow[]): number {
  const ordered = own
    .filter(({ reason }) => !BY_FAILURE.includes(reason ?? ''))
    .toSorted((one, other) => one.epoch - other.epoch || one.seq - other.seq);
  const held = ordered.map(({ quantity }, index) => quantity + unitsOf(ordered.slice(0, index)));
  return Math.max(0, ...held);
}

/** Why an order that was confirmed counts as lost; undefined where it does not. */
function lossOf(order: Held, row: OrderRow | undefined, { losesData }: Facts): string | undefined {
  const { orderId, final } = order;
  if (row === undefined) return `${orderId} was answered 201 and has no row`;
  if (final === undefined) return `${orderId}: its buyer cannot read its status`;
  if (final.status !== row.status) return `${orderId}: told ${final.status}, row ${row.status}`;
  if (row.status !== 'CANCELLED') return undefined;
  const reason = String(final.reason);
  if (!CANCEL_REASONS.some((known) => known === reason)) return `${orderId}: reason ${reason}`;
  if (!losesData && BY_FAILURE.includes(reason)) return `${orderId}: lost, ${reason}`;
  return undefined;
}

/** An order or a number in two rows; a second order by a repeat. */
function duplicatesIn({ buyers, evidence: { rows }, losesData }: Facts): string[] {
  // What a fork gave out twice is recorded, and says so.
  const ordinary = rows.filter(({ reason }) => !BY_FAILURE.includes(reason ?? ''));
  const numbers = Map.groupBy(ordinary, ({ epoch, seq }) => `number ${epoch}-${seq}`);
  const ids = Map.groupBy(rows, (row) => row.order_id);
  const repeated = [...numbers, ...ids].filter(([, same]) => same.length > 1);
  const plain = buyers.map(({ userId, held }) => ({
    userId,
    orders: [...held.values()].filter(({ follows }) => follows === undefined),
  }));
  const second = losesData ? [] : plain.filter(({ orders }) => orders.length > 1);
  return [
    ...repeated.map(([name, same]) => `${name} stands in ${same.length} rows`),
    ...second.map(({ userId, orders }) => `${userId} repeated and got ${orders.length} orders`),
  ];
}

function unsettledIn({ rows, redis }: Evidence): string[] {
  const waiting = rows.filter(({ status }) => status === 'PENDING');
  return [
    ...waiting.map((row) => `${row.order_id} is still PENDING`),
    ...(redis.pending > 0 ? [`${redis.pending} orders wait for payment in Redis`] : []),
    ...(redis.outbox > 0 ? [`${redis.outbox} batches are still in the outbox`] : []),
    ...(redis.sold === unitsOf(rows) ? [] : [`Redis sold ${redis.sold}, rows ${unitsOf(rows)}`]),
  ];
}

/** Money is kept for PAID orders alone, once; who paid in time has the unit. */
function wrongMoneyIn(held: readonly Held[], { evidence, losesData }: Facts): string[] {
  const { rows, books } = evidence;
  const kept = rows.flatMap(({ order_id: orderId, status }) => {
    const payments = books.get(orderId) ?? 0;
    const due = status === 'PAID' ? 1 : 0;
    return payments === due ? [] : [`${orderId} is ${status} and ${payments} payments are kept`];
  });
  const byId = new Map(rows.map((row) => [row.order_id, row]));
  const deprived = held.filter(
    ({ orderId, isPaid, isCancelled }) =>
      isPaid && !isCancelled && !losesData && byId.get(orderId)?.status !== 'PAID',
  );
  return [...kept, ...deprived.map(({ orderId }) => `${orderId} was paid in time and is not PAID`)];
}

/** Whatever is away, an answer is none at all or one of the contract: of 5xx only 503. */
function unexpectedIn(buyers: readonly Buyer[]): string[] {
  const answers = buyers.flatMap(({ told }) => told);
  const odd = answers.filter(({ status }) => status === 400 || (status >= 500 && status !== 503));
  return [...new Set(odd.map(({ call, status }) => `a ${call} was answered ${status}`))];
}
