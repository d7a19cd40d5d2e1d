// A sale's units as plain data: what every script that touches them must answer and leave behind.
// Times are left out; they are the server's.
import type { Redis } from '../origin/redis/client.ts';
import type { CancelReason, OrderStatus } from '../shared/words.ts';

export interface Terms {
  readonly stock: number;
  readonly limit: number;
  readonly price: number;
}

export interface ModelOrder {
  readonly user: string;
  readonly quantity: number;
  seq: number;
  status: OrderStatus;
  /** Whether the status key has a lifetime of its own already. */
  isMortal: boolean;
}

export type ModelEvent =
  | { type: 'reserved' | 'paid'; seq: number; ulid: string }
  | { type: 'cancelled'; seq: number; ulid: string; reason: CancelReason; restock?: false }
  | { type: 'adjusted'; seq: number; stock: number };

export interface Recovery {
  readonly ulid: string;
  readonly user: string;
  readonly quantity: number;
  readonly as: 'PENDING' | 'PAID';
  readonly isLate: boolean;
  readonly receiptEpoch: number;
}

const MAX_LAPSES = 2;

export class MoneyModel {
  readonly terms: Terms;
  total: number;
  left: number;
  sold = 0;
  seq = 0;
  readonly orders = new Map<string, ModelOrder>();
  readonly taken = new Map<string, number>();
  readonly lapses = new Map<string, number>();
  readonly events: ModelEvent[] = [];

  constructor(terms: Terms) {
    this.terms = terms;
    this.total = terms.stock;
    this.left = terms.stock;
  }

  reserve(ulid: string, user: string, quantity: number, shut: string | undefined): string {
    const known = this.orders.get(ulid);
    if (known !== undefined) return `known ${known.status} ${this.facts(known)}`;
    if (shut !== undefined) return shut;
    if ((this.lapses.get(user) ?? 0) >= MAX_LAPSES) return 'lapsed';
    if (this.#takenBy(user) + quantity > this.terms.limit) return 'limit_reached';
    if (quantity > this.left) return this.pending() > 0 ? 'sold_out held' : 'sold_out';
    const order = this.#take(ulid, { user, quantity, status: 'PENDING', isMortal: false });
    return `reserved ${this.facts(order)}`;
  }

  release(ulid: string, user: string, how: { from: string; reason: CancelReason; lapse: boolean }) {
    const order = this.#owned(ulid, user);
    if (order === undefined) return 'unknown';
    if (order.status !== how.from) return `known ${order.status} ${this.facts(order)}`;
    this.left += order.quantity;
    this.sold -= order.quantity;
    this.#cancel(ulid, order, { reason: how.reason });
    if (how.lapse) this.lapses.set(user, (this.lapses.get(user) ?? 0) + 1);
    return `released ${this.seq} ${this.facts(order)}`;
  }

  void(ulid: string, user: string, how: { from: readonly string[]; reason: CancelReason }): string {
    const order = this.#owned(ulid, user);
    if (order === undefined) return 'unknown';
    if (!how.from.includes(order.status)) return `known ${order.status} ${this.facts(order)}`;
    this.#cancel(ulid, order, { reason: how.reason, restock: false });
    return `voided ${this.seq} ${this.facts(order)}`;
  }

  settle(ulid: string, user: string): string {
    const order = this.#owned(ulid, user);
    if (order === undefined) return 'unknown';
    if (order.status !== 'PENDING') return `known ${order.status} ${this.facts(order)}`;
    order.status = 'PAID';
    this.events.push({ type: 'paid', seq: this.#next(), ulid });
    return `settled ${this.seq} ${this.facts(order)}`;
  }

  adjust(wanted: number): string {
    if (wanted === this.total) return `adjusted ${this.seq} ${wanted}`;
    if (wanted < this.sold) return `below_sold ${this.sold}`;
    this.total = wanted;
    this.left = wanted - this.sold;
    this.events.push({ type: 'adjusted', seq: this.#next(), stock: wanted });
    return `adjusted ${this.seq} ${wanted}`;
  }

  recover({ ulid, user, quantity, as, isLate, receiptEpoch }: Recovery): string {
    const known = this.orders.get(ulid);
    if (known === undefined && receiptEpoch >= 1) return 'fenced fork';
    const isOver = as !== 'PAID' || known?.status !== 'CANCELLED' || known.user !== user;
    if (known !== undefined && isOver) return `known ${known.status} ${this.facts(known)}`;
    const units = known?.quantity ?? quantity;
    const why = this.#whyNot(user, units, as === 'PENDING' && isLate);
    if (known !== undefined && why !== undefined) return `refused ${why} ${this.facts(known)}`;
    if (why !== undefined) {
      const seq = this.#next();
      const order = { user, quantity, seq, status: 'CANCELLED', isMortal: true } as const;
      this.orders.set(ulid, { ...order });
      this.events.push({ type: 'cancelled', seq, ulid, reason: 'LOST_IN_FAILURE' });
      return `lost ${seq} ${why} ${this.facts(order)}`;
    }
    const order = this.#take(ulid, { user, quantity: units, status: as, isMortal: true });
    if (as === 'PAID') this.events.push({ type: 'paid', seq: this.#next(), ulid });
    return `recovered ${this.seq} ${this.facts(order)}`;
  }

  facts({ user, quantity, seq }: ModelOrder): string {
    return `${user} ${quantity} ${quantity * this.terms.price} 1 ${seq}`;
  }

  pending(): number {
    return [...this.orders.values()].filter(({ status }) => status === 'PENDING').length;
  }

  #takenBy(user: string): number {
    return this.taken.get(user) ?? 0;
  }

  #owned(ulid: string, user: string): ModelOrder | undefined {
    const order = this.orders.get(ulid);
    return order?.user === user ? order : undefined;
  }

  #whyNot(user: string, units: number, isLate: boolean): string | undefined {
    if (isLate) return 'late';
    if (this.#takenBy(user) + units > this.terms.limit) return 'limit_reached';
    return units > this.left ? 'sold_out' : undefined;
  }

  #take(ulid: string, facts: Omit<ModelOrder, 'seq'>): ModelOrder {
    const order = { ...facts, seq: this.#next() };
    this.left -= order.quantity;
    this.sold += order.quantity;
    this.taken.set(order.user, this.#takenBy(order.user) + order.quantity);
    this.orders.set(ulid, order);
    this.events.push({ type: 'reserved', seq: order.seq, ulid });
    return order;
  }

  #cancel(ulid: string, order: ModelOrder, how: { reason: CancelReason; restock?: false }): void {
    order.status = 'CANCELLED';
    this.taken.set(order.user, this.#takenBy(order.user) - order.quantity);
    this.events.push({ type: 'cancelled', seq: this.#next(), ulid, ...how });
  }

  #next(): number {
    this.seq += 1;
    return this.seq;
  }
}

/** A model and what it is the model of. */
export interface Sale {
  readonly redis: Redis;
  readonly skuId: string;
  readonly activityId: string;
  readonly windowMs: number;
  readonly model: MoneyModel;
}
