// SIGKILL of every process that `npm run dev` started, all at once, in the middle of a rush, and
// `npm run dev` again.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, inject, test } from 'vitest';
import { parseTicketPayload } from '../../shared/ticket.ts';
import { readUnits, untilRecorded } from '../demo/evidence.ts';
import { freshNames, openSale, tokensOf, until } from './client.ts';
import { type Dev, interrupt, killAll, startDev } from './dev-process.ts';
import { type Answer, freshName, type Members, send } from './send.ts';

const STOCK = 60;
const RUSH = 150;
const dir = join(inject('scratchDir'), freshName('dev'));
let dev: Dev | undefined;
afterAll(async () => {
  if (dev !== undefined) await interrupt(dev);
});

interface Buyer {
  readonly userId: string;
  token: string;
  /** The last answer that it got. */
  answer?: Answer;
}

/** One call; where nobody answers any more, the answer before stays the last. */
async function press(edge: string, sale: Members, buyer: Buyer): Promise<void> {
  const { token, answer } = buyer;
  const ticket = answer?.body.ticket;
  const body = typeof ticket === 'string' ? { ticket } : {};
  try {
    buyer.answer = await send(`${edge}/api/seckill/${sale.skuId}`, { token, body });
  } catch {
    buyer.answer = answer ?? { status: 0, headers: new Headers(), body: {} };
  }
}

/** The orders among these answers. */
function orderIdsOf(answers: readonly (Answer | undefined)[]): Set<string> {
  const confirmed = answers.filter((answer) => answer?.status === 201);
  return new Set(confirmed.map((answer) => String(answer?.body.orderId)));
}

test('every 201 has exactly one row, stock adds up, people in line keep their places', async () => {
  const first = await startDev(dir);
  dev = first;
  const printed = ['edge', 'origin', 'actuator'].map((name) => `${name} http://127.0.0.1:`);
  for (const line of [...printed, 'redis 127.0.0.1:']) expect(first.output()).toContain(line);
  const terms = { stock: STOCK, ratePerSecond: 5, capacity: 20, ticketWindowSeconds: 600 };
  const sale = await openSale(first.edge, terms);
  const names = freshNames(RUSH);
  const tokens = await tokensOf(first.edge, names);
  const buyers: Buyer[] = names.map((userId, index) => ({ userId, token: tokens[index] ?? '' }));
  const rush = buyers.map((buyer) => press(first.edge, sale, buyer));
  const answersNow = () => buyers.map(({ answer }) => answer);
  await until(async () => orderIdsOf(answersNow()).size >= 5 || undefined);
  await killAll(first);
  await Promise.all(rush);
  const before = answersNow();

  const second = await startDev(dir);
  dev = second;
  expect(second.secrets).toEqual(first.secrets);
  await until(async () => {
    const answer = await send(`${second.edge}/api/sales/${sale.skuId}`);
    return answer.body.state === 'RUNNING' || undefined;
  });

  // What was answered 201 has its row before anybody asks again: a repeat would mend a loss.
  const database = { kind: 'sqlite', file: join(dir, 'embedded', 'flash-sale.sqlite') } as const;
  const recorded = { database, activityId: String(sale.activityId), withinMs: 15_000 };
  const answered = orderIdsOf(before);
  const kept = await untilRecorded({ ...recorded, orderIds: answered });
  for (const orderId of answered) expect(kept.map((row) => row.order_id)).toContain(orderId);

  // Who had an answer with an order id keeps that id, and who had a turn keeps that turn.
  await settle(second.edge, sale, buyers);
  for (const [index, buyer] of buyers.entries()) {
    const orderId = before[index]?.body.orderId;
    if (orderId !== undefined) expect(buyer.answer?.body.orderId).toBe(orderId);
  }
  const turns = before.map(turnOf);
  const stillWaiting = buyers.filter(({ answer }) => answer?.status === 202);
  expect(stillWaiting.length).toBeGreaterThan(10);
  for (const [index, { answer }] of buyers.entries()) {
    if (answer?.status !== 202 || turns[index] === undefined) continue;
    expect(turnOf(answer)).toBe(turns[index]);
  }

  // An order whose answer came too late is written down a moment later, too.
  const orderIds = orderIdsOf(answersNow());
  const [host = '', port] = second.redis.split(':');
  const redis = { host, port: Number(port) };
  const { rows, sold, units } = await until(async () => {
    const rows = await untilRecorded({ ...recorded, orderIds });
    const sold = rows.filter(({ status }) => status !== 'CANCELLED').length;
    const units = await readUnits(redis, String(sale.skuId));
    return units.sold === sold ? { rows, sold, units } : undefined;
  });
  const ids = rows.map((row) => row.order_id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const orderId of orderIds) expect(ids).toContain(orderId);
  expect(units).toEqual({ stock: STOCK - sold, sold });
  expect(sold).toBeLessThanOrEqual(STOCK);

  await interrupt(second);
  dev = undefined;
  expect(existsSync(`${dir}.json`)).toBe(false);
});

/** Everybody presses until each has a place or an order, as far as stock goes. */
async function settle(edge: string, sale: Members, buyers: readonly Buyer[]): Promise<void> {
  for (const buyer of buyers) {
    await until(async () => {
      await press(edge, sale, buyer);
      return [200, 201, 202, 409].includes(buyer.answer?.status ?? 0) || undefined;
    });
  }
}

/** The turn that the ticket in an answer was signed for: the place in line, whatever the time. */
function turnOf(answer: Answer | undefined): number | undefined {
  const [, payload = ''] = String(answer?.body.ticket ?? '').split('.');
  return parseTicketPayload(Buffer.from(payload, 'base64url').toString())?.turn;
}
