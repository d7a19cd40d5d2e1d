// GET /api/seckill/queue/:ticket: answered from the ticket and one cached document, without Redis.
import { orderIdOf } from '../../shared/order-id.ts';
import { refuse, respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import type { SaleStatuses } from '../sale/sale-statuses.ts';
import { serverTime } from '../sale/status-memory.ts';
import type { Tickets } from '../ticket/ticket.ts';
import type { DrawnTickets } from './drawn-ticket.ts';
import { type LineState, lineState } from './line-state.ts';
import type { PlaceIds } from './placed.ts';
import { entryMembers, type Line, queuedMembers, type Random, readyMembers } from './waiting.ts';

export interface QueueParts {
  readonly tickets: Tickets;
  readonly statuses: SaleStatuses;
  readonly drawnTickets: DrawnTickets;
  readonly random: Random;
}

const SETTLED_POLL_SECONDS = 5;

export async function showPlace(parts: QueueParts, call: Call, text: string): Promise<Response> {
  const ticket = await parts.tickets.verify(text);
  if (ticket === undefined) return refuse(call, { kind: 'unknown-ticket' });
  const reading = await parts.statuses.read(ticket.skuId, call);
  if (reading.kind === 'away') {
    return refuse(call, { kind: 'unavailable', retryAfterSeconds: 1 });
  }
  const ids = { ticket: text, orderId: orderIdOf(ticket) };
  if (reading.kind === 'missing')
    return respondJson(call, { status: 200, body: settled('ENDED', ids) });
  const { sale } = reading;
  const line = { status: sale.status, nowMs: serverTime(sale, Date.now()) };
  const drawn = await parts.drawnTickets.drawn(ticket, sale.status);
  const state = lineState(drawn, line);
  const body = { state: state.kind, ...ids, ...membersOf(state, line, parts.random) };
  return respondJson(call, { status: 200, body });
}

const settled = (state: 'ENDED', ids: PlaceIds) => ({
  state,
  ...ids,
  pollAfterSeconds: SETTLED_POLL_SECONDS,
});

function membersOf(state: LineState, line: Line, random: Random) {
  switch (state.kind) {
    case 'QUEUED':
      return queuedMembers(state.moment, line, random);
    case 'READY':
      return readyMembers(state.moment, random);
    case 'PRE_QUEUE':
      return entryMembers(state.startsInMs, random);
    case 'EXPIRED':
    case 'SOLD_OUT':
    case 'ENDED':
      return { pollAfterSeconds: SETTLED_POLL_SECONDS };
  }
}
