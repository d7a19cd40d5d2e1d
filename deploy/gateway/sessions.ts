// What the local gateway knows: sessions, what was paid in them, callbacks still to be sent. Every
// change is a line of a file before it counts, so that any kind of end loses nothing.

import { randomUUID } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

export interface OpenOrder {
  readonly orderId: string;
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms. */
  readonly payBy: number;
  readonly reference: string;
}

export interface Payment {
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  /** Epoch ms. */
  readonly paidAt: number;
  isRefunded: boolean;
}

export interface Session {
  state: 'none' | 'open' | 'closed';
  order: OpenOrder | undefined;
  readonly payments: Payment[];
}

export interface Callback {
  readonly messageId: string;
  readonly type: 'payment.succeeded' | 'payment.failed';
  readonly orderId: string;
  readonly paymentId: string;
  readonly amount: number;
  readonly currency: string;
  readonly at: number;
}

type Change =
  | { readonly kind: 'opened'; readonly order: OpenOrder }
  | { readonly kind: 'closed'; readonly orderId: string }
  | { readonly kind: 'paid' | 'declined'; readonly callback: Callback }
  | { readonly kind: 'refunded'; readonly orderId: string; readonly paymentId: string }
  | { readonly kind: 'told'; readonly messageId: string };

export class Sessions {
  private readonly file: string | undefined;
  private readonly byOrder = new Map<string, Session>();
  private readonly untold = new Map<string, Callback>();

  /** Goes on from `file`; without one everything is gone at the end. */
  constructor(file: string | undefined) {
    this.file = file;
    if (file === undefined) return;
    mkdirSync(dirname(file), { recursive: true });
    if (!existsSync(file)) return;
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const change = readChange(line);
      if (change !== undefined) this.apply(change);
    }
  }

  of(orderId: string): Session {
    return this.byOrder.get(orderId) ?? { state: 'none', order: undefined, payments: [] };
  }

  /** Callbacks that nobody has confirmed yet. */
  callbacks(): readonly Callback[] {
    return [...this.untold.values()];
  }

  open(order: OpenOrder): void {
    if (this.of(order.orderId).state === 'none') this.change({ kind: 'opened', order });
  }

  close(orderId: string): void {
    if (this.of(orderId).state !== 'closed') this.change({ kind: 'closed', orderId });
  }

  /** Takes or refuses the money of an open session; answers what the shop is to be told. */
  decide(orderId: string, kind: 'paid' | 'declined', at: number): Callback | undefined {
    const { state, order, payments } = this.of(orderId);
    const isPaid = payments.some(({ isRefunded }) => !isRefunded);
    if (state !== 'open' || order === undefined || isPaid || at > order.payBy) return undefined;
    const type = kind === 'paid' ? 'payment.succeeded' : 'payment.failed';
    const { amount, currency } = order;
    const ids = { messageId: `msg_${randomUUID()}`, paymentId: `pay_${randomUUID()}` };
    const callback: Callback = { ...ids, type, orderId, amount, currency, at };
    this.change({ kind, callback });
    return callback;
  }

  refund(orderId: string, paymentId: string): void {
    this.change({ kind: 'refunded', orderId, paymentId });
  }

  told({ messageId }: Callback): void {
    this.change({ kind: 'told', messageId });
  }

  private change(change: Change): void {
    if (this.file !== undefined) appendFileSync(this.file, `${JSON.stringify(change)}\n`);
    this.apply(change);
  }

  private apply(change: Change): void {
    switch (change.kind) {
      case 'opened':
        this.session(change.order.orderId).state = 'open';
        this.session(change.order.orderId).order = change.order;
        return;
      case 'closed':
        this.session(change.orderId).state = 'closed';
        return;
      case 'paid': {
        const { orderId, paymentId, amount, currency, at } = change.callback;
        const payment = { paymentId, amount, currency, paidAt: at, isRefunded: false };
        this.session(orderId).payments.push(payment);
        this.untold.set(change.callback.messageId, change.callback);
        return;
      }
      case 'declined':
        this.untold.set(change.callback.messageId, change.callback);
        return;
      case 'refunded':
        for (const payment of this.session(change.orderId).payments) {
          if (payment.paymentId === change.paymentId) payment.isRefunded = true;
        }
        return;
      case 'told':
        this.untold.delete(change.messageId);
    }
  }

  private session(orderId: string): Session {
    const known = this.byOrder.get(orderId);
    if (known !== undefined) return known;
    const made: Session = { state: 'none', order: undefined, payments: [] };
    this.byOrder.set(orderId, made);
    return made;
  }
}

/** The last line of a gateway that was killed may be half a line. */
function readChange(line: string): Change | undefined {
  try {
    return line === '' ? undefined : JSON.parse(line);
  } catch {
    return undefined;
  }
}
