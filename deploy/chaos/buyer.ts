// A buyer who keeps every answer. Written from the API contract alone: asks as it is told to, waits
// while nobody answers, pays, cancels or lets time pass, and shows receipts for what got lost.
import { setTimeout as pause } from 'node:timers/promises';
import type { Random } from '../crowd/random.ts';
import { type Answer, type Request, send } from '../end-to-end/send.ts';

export type Habit = 'pays' | 'cancels' | 'leaves' | 'buys-again';

export interface Told {
  /** When it was asked, and when it was answered. */
  readonly fromMs: number;
  readonly atMs: number;
  readonly call: 'purchase' | 'status' | 'cancel' | 'receipt' | 'pay';
  /** 0 where nobody answered. */
  readonly status: number;
  readonly body: Answer['body'];
}

/** An order as its buyer knows it. */
export interface Held {
  readonly orderId: string;
  readonly receipt: string;
  readonly paymentUrl: string | undefined;
  readonly ledgerHead: string | undefined;
  /** It was bought behind this one, on purpose. */
  readonly follows: string | undefined;
  /** The gateway took the money. */
  isPaid: boolean;
  isCancelled: boolean;
  /** The last status that was told. */
  final: Answer['body'] | undefined;
}

export interface Buyer {
  readonly userId: string;
  readonly token: string;
  readonly habit: Habit;
  readonly quantity: number;
  readonly told: Told[];
  readonly held: Map<string, Held>;
}

export interface Shop {
  readonly edge: string;
  readonly skuId: string;
  /** By `performance.now()`; nobody begins a purchase later. */
  readonly closesAt: number;
}

const [LEAST_WAIT_MS, MOST_WAIT_MS] = [200, 2_500];
const ASK_EVERY_MS = 700;
const OVER = ['ended', 'limit-reached', 'lapsed', 'refused', 'forbidden', 'unknown-sku'];

/** Comes, buys, and does with the order what is its habit. */
export async function shop(buyer: Buyer, at: Shop, random: Random): Promise<void> {
  const order = await purchase(buyer, at, { random });
  if (order === undefined) return;
  // Some press again, with what they hold, and some without.
  if (random.next() < 0.4) await press(buyer, at, { receipt: order.receipt });
  if (random.next() < 0.2) await press(buyer, at, {});
  await pause(random.below(3_000));
  if (buyer.habit === 'cancels') return cancel(buyer, at, order);
  if (buyer.habit === 'pays' || buyer.habit === 'buys-again') await pay(buyer, at, order);
  if (buyer.habit !== 'buys-again') return;
  const second = await purchase(buyer, at, { random, again: order.orderId });
  if (second !== undefined) await pay(buyer, at, second);
}

interface Wish {
  readonly random: Random;
  readonly again?: string;
}

/** Until there is an order, a final no, or the shop closes. */
async function purchase(buyer: Buyer, at: Shop, wish: Wish): Promise<Held | undefined> {
  const { random, again } = wish;
  let ticket: unknown;
  while (performance.now() < at.closesAt) {
    const body = {
      ...(typeof ticket === 'string' && { ticket }),
      ...(again !== undefined && { again }),
    };
    // Two tabs.
    const twice = random.next() < 0.15 ? press(buyer, at, body) : undefined;
    const answer = await press(buyer, at, body);
    await twice;
    if (answer.status === 201) return buyer.held.get(String(answer.body.orderId));
    const slug = slugOf(answer);
    if (OVER.includes(slug)) return undefined;
    ticket = slug === 'ticket-invalid' ? undefined : (answer.body.ticket ?? ticket);
    await pause(waitOf(answer));
  }
  return undefined;
}

interface Pressed {
  readonly ticket?: string;
  readonly again?: string;
  readonly receipt?: string;
}

async function press(buyer: Buyer, at: Shop, body: Pressed): Promise<Answer> {
  const { token, quantity } = buyer;
  const url = `${at.edge}/api/seckill/${at.skuId}`;
  const answer = await tell(buyer, 'purchase', url, { token, body: { quantity, ...body } });
  const { orderId, receipt, paymentUrl, ledgerHead } = answer.body;
  if (answer.status !== 201 || buyer.held.has(String(orderId))) return answer;
  buyer.held.set(String(orderId), {
    ...{ orderId: String(orderId), receipt: String(receipt), follows: body.again },
    paymentUrl: textOf(paymentUrl),
    ledgerHead: textOf(ledgerHead),
    ...{ isPaid: false, isCancelled: false, final: undefined },
  });
  return answer;
}

async function cancel(buyer: Buyer, at: Shop, order: Held): Promise<void> {
  const url = `${at.edge}/api/orders/${order.orderId}/cancel`;
  while (performance.now() < at.closesAt) {
    const { status } = await tell(buyer, 'cancel', url, { token: buyer.token, body: {} });
    order.isCancelled ||= status === 200;
    if (status >= 200 && status < 500 && status !== 429) return;
    await pause(ASK_EVERY_MS);
  }
}

/** At the gateway's page; it takes money only while the order can be paid. */
async function pay(buyer: Buyer, at: Shop, order: Held): Promise<void> {
  const { paymentUrl } = order;
  if (paymentUrl === undefined) return;
  while (performance.now() < at.closesAt) {
    const fromMs = performance.now();
    const status = await pressPay(paymentUrl);
    buyer.told.push({ fromMs, atMs: performance.now(), call: 'pay', status, body: {} });
    order.isPaid ||= status === 303;
    if (status !== 0 && status < 500) return;
    await pause(ASK_EVERY_MS);
  }
}

async function pressPay(url: string): Promise<number> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: 'decision=pay',
      signal: AbortSignal.timeout(5_000),
    });
    await answer.arrayBuffer();
    return answer.status;
  } catch {
    return 0;
  }
}

/** Asks for each order until its end is told; shows the receipt of one that nobody knows. */
export async function ask(buyer: Buyer, edge: string, until: number): Promise<void> {
  const { token } = buyer;
  for (const order of buyer.held.values()) {
    while (performance.now() < until) {
      const url = `${edge}/api/seckill/status/${order.orderId}`;
      const { status, body } = await tell(buyer, 'status', url, { token });
      if (status === 200) order.final = body;
      if (status === 200 && isEnd(body)) break;
      if (status === 404) {
        const request = { token, body: { receipt: order.receipt } };
        await tell(buyer, 'receipt', `${edge}/api/receipts`, request);
      }
      await pause(ASK_EVERY_MS);
    }
  }
}

/** Why an order was cancelled stands in its row, which may come a while after the word. */
function isEnd({ status, reason, persisted }: Answer['body']): boolean {
  if (persisted !== true) return false;
  const isExplained = reason !== undefined && reason !== 'REFUND_DUE';
  return status === 'PAID' || (status === 'CANCELLED' && isExplained);
}

async function tell(
  buyer: Buyer,
  call: Told['call'],
  url: string,
  request: Request,
): Promise<Answer> {
  const fromMs = performance.now();
  const answer = await sendOrNothing(url, request);
  const { status, body } = answer;
  buyer.told.push({ fromMs, atMs: performance.now(), call, status, body });
  return answer;
}

async function sendOrNothing(url: string, request: Request): Promise<Answer> {
  try {
    return await send(url, request);
  } catch {
    return { status: 0, headers: new Headers(), body: {} };
  }
}

function waitOf({ headers, body }: Answer): number {
  const seconds = Number(body.pollAfterSeconds ?? headers.get('retry-after') ?? 1);
  return Math.min(MOST_WAIT_MS, Math.max(LEAST_WAIT_MS, 1_000 * seconds));
}

export function slugOf({ body }: Pick<Answer, 'body'>): string {
  return String(body.type ?? '').replace('/problems/', '');
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
