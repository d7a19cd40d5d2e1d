// The Redis of a running stack loses everything, the line too: places come back from the tickets in
// people's hands, in the old order, and nobody overtakes them.
import { join } from 'node:path';
import { Redis } from 'ioredis';
import * as v from 'valibot';
import { afterAll, expect, inject, test } from 'vitest';
import { parseTicketPayload } from '../../shared/ticket.ts';
import { decided, freshNames, openSale, tokensOf, until } from './client.ts';
import { type Dev, interrupt, startDev } from './dev-process.ts';
import { type Answer, freshName, send } from './send.ts';

const PEOPLE = 8;
const AHEAD = 60;
let dev: Dev | undefined;
afterAll(async () => {
  if (dev !== undefined) await interrupt(dev);
});

test('whoever waited stands where they stood, and newcomers behind them', async () => {
  dev = await startDev(join(inject('scratchDir'), freshName('dev')));
  const { edge, redis } = dev;
  // Before anybody's turn comes closer: a slow machine needs long for so many devices.
  const shown = await tokensOf(edge, freshNames(AHEAD + PEOPLE + 1));
  const [newcomer = '', ...tokens] = shown;
  const terms = { stock: 100, ratePerSecond: 1, capacity: 1, ticketWindowSeconds: 600 };
  const { skuId } = await openSale(edge, terms);
  const buyTo = (token: string, ticket?: unknown) =>
    send(`${edge}/api/seckill/${skuId}`, { token, body: ticket === undefined ? {} : { ticket } });
  // The turns of a minute are given out first, so that all of these still wait afterwards.
  for (const token of tokens.slice(PEOPLE)) await decided(() => buyTo(token));
  const people = [];
  for (const token of tokens.slice(0, PEOPLE)) {
    const { body } = await decided(() => buyTo(token));
    expect(body.state).toBe('QUEUED');
    people.push({ token, ticket: body.ticket, orderId: body.orderId });
  }
  // A whole round of the leader: what was given out since its last one it would give out again.
  const roundAfter = Date.now() + 1_000;
  await until(async () => {
    const { clock } = (await send(`${edge}/api/sales/${skuId}`)).body;
    const { realAt } = v.parse(v.object({ realAt: v.string() }), clock);
    return Date.parse(realAt) > roundAfter || undefined;
  });

  const [host = '', port] = redis.split(':');
  const client = new Redis({ host, port: Number(port), protocol: 2 });
  await client.flushall();
  client.disconnect();

  const turns = new Map<unknown, number>();
  for (const { token, ticket, orderId } of [...people].reverse()) {
    const placed = await until(async () => {
      const answer = await buyTo(token, ticket);
      // While nothing can be decided the answer keeps what was shown.
      if (answer.status === 503) expect(answer.body).toMatchObject({ orderId });
      return answer.status === 202 ? answer : undefined;
    }, 30_000);
    expect(placed.body).toMatchObject({ state: 'QUEUED', orderId });
    turns.set(orderId, turnOf(placed));
  }
  const behind = await until(async () => {
    const answer = await buyTo(newcomer);
    return answer.status === 202 ? answer : undefined;
  });
  const order = [...turns].sort(([, a], [, b]) => a - b).map(([orderId]) => orderId);
  expect(order).toEqual(people.map(({ orderId }) => orderId));
  expect(turnOf(behind)).toBeGreaterThan(Math.max(...turns.values()));
});

/** The place in line that the ticket of an answer was signed for, whatever the time. */
function turnOf({ body }: Answer): number {
  const [, payload = ''] = String(body.ticket).split('.');
  const ticket = parseTicketPayload(Buffer.from(payload, 'base64url').toString());
  return ticket?.turn ?? Number.NaN;
}
