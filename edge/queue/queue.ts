// GET /api/seckill/queue/:ticket: answered from the ticket and one cached document, without Redis.
import { orderIdOf } from '../../shared/order-id.ts';
import { refuse, respondJson } from '../answer.ts';
import type { Call } from '../call.ts';
import type { SaleStatuses } from '../sale/sale-statuses.ts';
import { serverTime } from '../sale/status-memory.ts';
import type { Tickets } from '../ticket/ticket.ts';
import { type LineState, lineState } from './line-state.ts';
import { queuedMembers, type Random, readyMembers } from './waiting.ts';

export interface QueueParts {
  readonly tickets: Tickets;
  readonly statuses: SaleStatuses;
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
  const state: LineState =
    reading.kind === 'missing'
      ? { kind: 'ENDED' }
      : lineState(ticket, reading.sale.status, serverTime(reading.sale, Date.now()));
  const ids = { ticket: text, orderId: orderIdOf(ticket) };
  const body = { state: state.kind, ...ids, ...membersOf(state, parts.random) };
  return respondJson(call, { status: 200, body });
}

function membersOf(state: LineState, random: Random) {
  switch (state.kind) {
    case 'QUEUED':
      return queuedMembers(state.moment, random);
    case 'READY':
      return readyMembers(state.moment, random);
    case 'EXPIRED':
    case 'SOLD_OUT':
    case 'ENDED':
      return { pollAfterSeconds: SETTLED_POLL_SECONDS };
  }
}
