// Where a ticket stands, from its document alone: an estimate that refuses nobody.
import { virtualTime } from '../../shared/clock.ts';
import type { Ticket } from '../../shared/ticket.ts';
import { awaitsReturn, isStanding, type Line, type Moment } from './waiting.ts';

export type LineState =
  | { readonly kind: 'QUEUED'; readonly moment: Moment }
  | { readonly kind: 'READY'; readonly moment: Moment }
  /** Its draw has not been held; `startsInMs` is below zero while it is late. */
  | { readonly kind: 'PRE_QUEUE'; readonly startsInMs: number }
  | { readonly kind: 'EXPIRED' | 'SOLD_OUT' | 'ENDED' };

export function lineState(ticket: Ticket, { status, nowMs }: Line): LineState {
  const isOver = status.state === 'ENDED' || status.state === 'CLOSED';
  if (isOver || status.activityId !== ticket.activityId) return { kind: 'ENDED' };
  if (ticket.entry !== null) return entryState(ticket.entry, { status, nowMs });
  const { turn, until } = ticket;
  const virtualMs = virtualTime(status.clock, nowMs);
  // Before sold-out: whoever's window has passed may have an order, and is told to ask.
  if (virtualMs > until) return { kind: 'EXPIRED' };
  if (status.soldOut && !status.unitsMayReturn) return { kind: 'SOLD_OUT' };
  const moment = { turn, until, virtualMs };
  // Nobody enters while the clock stands or no unit is free, whatever the turn.
  const isReady = virtualMs >= turn && !isStanding(status) && !awaitsReturn(status);
  return { kind: isReady ? 'READY' : 'QUEUED', moment };
}

/** So many of the first entries are called up in each second that the draw is late. */
const CALLED_UP_PER_SECOND = 10;

/**
 * The first purchase after the start closes the draw. Where nobody else makes one, the first of
 * the entries do: they are told that it is time.
 */
function entryState(entry: number, { status, nowMs }: Line): LineState {
  const startsInMs = status.startAt - nowMs;
  const calledUp = Math.ceil(Math.max(0, -startsInMs) / 1000) * CALLED_UP_PER_SECOND;
  if (isStanding(status) || entry >= calledUp) return { kind: 'PRE_QUEUE', startsInMs };
  return { kind: 'READY', moment: { turn: 0, until: status.windowMs, virtualMs: 0 } };
}
