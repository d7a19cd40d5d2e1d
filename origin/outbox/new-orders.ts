// The orders that one call of `lua/reserve.lua` made: `head` and `orders` of its entry are as in a
// batch of orders, `traces` are lines `ulid traceparent` of some.
import { isUlid } from '../../shared/order-id.ts';
import type { LoggedEvent } from '../order-log/order-log.ts';
import { ordersIn } from '../orders/order-batch.ts';
import { type EventPlace, numberedEvent, type OutboxLane, orderFacts } from './numbered-event.ts';

export interface NewOrders {
  readonly head: string;
  readonly orders: string;
  readonly traces: string;
}

/** In order, the last one at `last`; undefined where one of them is not numbered so, or not whole. */
export function parseNewOrders(
  lane: OutboxLane,
  last: EventPlace,
  { head, orders, traces }: NewOrders,
): LoggedEvent[] | undefined {
  const all = [...ordersIn(`${head}\n${orders}`)];
  const traceOf = new Map(traces.split('\n').map(twoWords));
  let seq = last.seq - all.length;
  if (seq < 0 || orders.split('\n').length !== all.length) return undefined;
  const events: LoggedEvent[] = [];
  for (const [ulid, order] of all) {
    seq += 1;
    if (order.seq !== seq || order.epoch !== last.epoch || !isUlid(ulid)) return undefined;
    const facts = orderFacts(lane, ulid, order, { status: 'PENDING' });
    const event = {
      ...numberedEvent(lane, { ...last, seq }),
      type: 'reserved',
      order: facts,
    } as const;
    const traceparent = traceOf.get(ulid);
    events.push(traceparent === undefined ? { event } : { event, traceparent });
  }
  return events;
}

function twoWords(line: string): [string, string] {
  const [first = '', second = ''] = line.split(' ');
  return [first, second];
}
