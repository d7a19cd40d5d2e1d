// A sale as plain data: what `reserve.lua` must answer and leave behind.
import type { Purchase, Sale } from './stock-under-test.ts';

export interface ModelOrder extends Purchase {
  readonly seq: number;
  status: 'PENDING' | 'CANCELLED';
}

export class SaleModel {
  readonly #sale: Sale;
  readonly #orders = new Map<string, ModelOrder>();
  readonly #taken = new Map<string, number>();
  left: number;
  sequence = 0;
  pending = 0;

  constructor(sale: Sale) {
    this.#sale = sale;
    this.left = sale.stock;
  }

  /** One answer per purchase, without times; `refusal` shuts the gate for all that is new. */
  reserve(purchases: readonly Purchase[], refusal: string | undefined): string[] {
    return purchases.map((purchase) => this.#decide(purchase, refusal));
  }

  #decide({ ulid, user, quantity }: Purchase, refusal: string | undefined): string {
    const known = this.#orders.get(ulid);
    if (known !== undefined) return `known ${known.status} ${this.#facts(known)}`;
    if (refusal !== undefined) return refusal;
    if (this.takenBy(user) + quantity > this.#sale.limit) return 'limit_reached';
    if (quantity > this.left) return this.pending > 0 ? 'sold_out held' : 'sold_out';
    this.pending += 1;
    this.left -= quantity;
    this.sequence += 1;
    this.#taken.set(user, this.takenBy(user) + quantity);
    const order: ModelOrder = { ulid, user, quantity, seq: this.sequence, status: 'PENDING' };
    this.#orders.set(ulid, order);
    return `reserved ${this.#facts(order)}`;
  }

  #facts({ user, quantity, seq }: ModelOrder): string {
    return [user, quantity, quantity * this.#sale.price, 1, seq].join(' ');
  }

  /** Only the status word, as a test writes it: no unit returns. */
  cancelAll(): string[] {
    for (const order of this.#orders.values()) order.status = 'CANCELLED';
    return [...this.#orders.keys()];
  }

  /** In the order of their numbers. */
  orders(): readonly ModelOrder[] {
    return [...this.#orders.values()];
  }

  users(): string[] {
    return [...this.#taken.keys()];
  }

  takenBy(user: string): number {
    return this.#taken.get(user) ?? 0;
  }
}
