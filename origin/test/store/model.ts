// The writer's rules once more, as plainly as can be: one record at a time, on plain maps. What the
// store does to a database must be what this does to itself.
import type { OrderEvent } from '../../../shared/order-event.ts';
import type { LogRecord } from '../../store/store.ts';

export interface ModelOrder {
  status: string;
  reason: string | null;
  quantity: number;
  epoch: number;
  seq: number;
}

export interface ModelResult {
  persisted: string[];
  deadLetters: number;
  stalled: string[];
  oversold?: { activityId: string; orderId: string }[];
}

export class Model {
  epoch = 1;
  seq = 0;
  sold = 0;
  /** Of `sold`: units of cancelled orders that did not return. */
  kept = 0;
  stock: number;
  alarmEpoch = 0;
  announced = 1;
  readonly orders = new Map<string, ModelOrder>();
  /** Reservations that are dead letters, by order; and every dead letter, by its text. */
  readonly dead = new Set<string>();
  readonly letters = new Set<string>();

  constructor(stock: number) {
    this.stock = stock;
  }

  apply(records: readonly LogRecord[], activityId: string): ModelResult {
    const result: ModelResult = { persisted: [], deadLetters: 0, stalled: [] };
    for (const record of records) {
      if (record.kind === 'unreadable') {
        this.#buryUnreadable(record, result);
      } else if (record.event.activityId !== activityId) {
        this.#bury(JSON.stringify(record.event), result);
      } else if (result.stalled.length === 0) {
        this.#applyEvent(record.event, result);
      }
    }
    return result;
  }

  #applyEvent(event: OrderEvent, result: ModelResult): void {
    if (event.epoch > this.epoch && event.type === 'epoch') {
      this.epoch = event.epoch;
      this.seq = 0;
      return;
    }
    const isAhead = event.epoch > this.epoch || event.seq > this.seq + 1;
    const isDue = event.epoch === this.epoch && event.seq === this.seq + 1;
    if (event.epoch >= this.epoch && isAhead) {
      this.#alarm(event);
      if (this.announced <= event.epoch) {
        result.stalled.push(event.activityId);
        return;
      }
    }
    if (isDue && event.type !== 'epoch') this.seq = event.seq;
    const { order } = event;
    if (order === undefined) {
      if (event.type === 'adjusted' && isDue) this.#adjust(event, result);
      return;
    }
    const isBad = order.quantity === 0;
    if (isBad) {
      if (event.type === 'reserved') this.dead.add(order.orderId);
      this.#bury(JSON.stringify(event), result);
    } else if (isDue) {
      this.#applyDue(event, order, result);
    } else if (event.type === 'reserved' && !this.#knows(order.orderId)) {
      this.#insert(event, order, { status: 'CANCELLED', reason: 'FENCED' }, result);
      if (!isAhead && event.epoch === this.epoch) this.#alarm(event);
    }
  }

  #applyDue(event: OrderEvent, order: NonNullable<OrderEvent['order']>, result: ModelResult): void {
    const row = this.orders.get(order.orderId);
    const isLost = event.type === 'cancelled' && order.reason === 'LOST_IN_FAILURE';
    const isNew = event.type === 'reserved' || isLost;
    if (this.dead.has(order.orderId) || (row === undefined && !isNew)) {
      if (event.type === 'reserved') this.dead.add(order.orderId);
      this.#bury(JSON.stringify(event), result);
      return;
    }
    if (event.type === 'reserved') {
      const isLater = row && (row.epoch - event.epoch || row.seq - event.seq) < 0;
      if (row !== undefined && (row.status !== 'CANCELLED' || !isLater)) return;
      const fits = this.sold + order.quantity <= this.stock;
      if (fits) this.sold += order.quantity;
      else this.#alarm(event);
      const { activityId } = event;
      const over = { activityId, orderId: order.orderId };
      if (!fits) result.oversold = [...(result.oversold ?? []), over];
      const outcome = fits
        ? { status: 'PENDING', reason: null }
        : { status: 'CANCELLED', reason: 'OVERSOLD_GUARD' };
      this.#insert(event, order, outcome, result);
    } else if (event.type === 'paid' && row?.status === 'PENDING') {
      row.status = 'PAID';
    } else if (event.type === 'cancelled' && row !== undefined && row.status !== 'CANCELLED') {
      row.status = 'CANCELLED';
      row.reason = order.reason ?? null;
      if (event.restock === false) this.kept += row.quantity;
      else this.sold -= row.quantity;
    } else if (isLost && row === undefined) {
      this.#insert(event, order, { status: 'CANCELLED', reason: 'LOST_IN_FAILURE' }, result);
    }
  }

  #insert(
    { epoch, seq }: OrderEvent,
    { orderId, quantity }: NonNullable<OrderEvent['order']>,
    outcome: { status: string; reason: string | null },
    result: ModelResult,
  ): void {
    if (!this.orders.has(orderId)) result.persisted.push(orderId);
    this.orders.set(orderId, { ...outcome, quantity, epoch, seq });
  }

  #adjust(event: OrderEvent, result: ModelResult): void {
    const { stock = 0 } = event;
    if (stock >= this.sold) {
      this.stock = stock;
    } else {
      this.#alarm(event);
      this.#bury(JSON.stringify(event), result);
    }
  }

  #knows(orderId: string): boolean {
    return this.orders.has(orderId) || this.dead.has(orderId);
  }

  /** Of a lost entry of the outbox the numbers are passed, once, and Redis must be rebuilt. */
  #buryUnreadable(
    { position, text, lost }: Extract<LogRecord, { kind: 'unreadable' }>,
    result: ModelResult,
  ): void {
    if (lost !== undefined && result.stalled.length > 0) return;
    const isNew = this.#bury(`${position} ${text}`, result);
    if (lost === undefined || !isNew) return;
    if (lost.epoch === this.epoch && lost.seq > this.seq) this.seq = lost.seq;
    this.#alarm(this);
  }

  #alarm(event: { readonly epoch: number }): void {
    this.alarmEpoch = Math.max(this.alarmEpoch, event.epoch);
  }

  #bury(text: string, result: ModelResult): boolean {
    const isNew = !this.letters.has(text);
    if (isNew) result.deadLetters += 1;
    this.letters.add(text);
    return isNew;
  }
}
