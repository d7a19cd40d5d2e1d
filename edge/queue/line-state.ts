// Where a ticket stands, from its document alone: an estimate that refuses nobody.
import { virtualTime } from '../../shared/clock.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import type { Ticket } from '../../shared/ticket.ts';
import type { Moment } from './waiting.ts';

export type LineState =
  | { readonly kind: 'QUEUED'; readonly moment: Moment }
  | { readonly kind: 'READY'; readonly moment: Moment }
  | { readonly kind: 'EXPIRED' | 'SOLD_OUT' | 'ENDED' };

export function lineState(ticket: Ticket, status: SaleStatus, serverTimeMs: number): LineState {
  const isOver = status.state === 'ENDED' || status.state === 'CLOSED';
  if (isOver || status.activityId !== ticket.activityId) return { kind: 'ENDED' };
  if (status.soldOut) return { kind: 'SOLD_OUT' };
  const { turn, until } = ticket;
  const { clock, ratePerSecond } = status;
  const virtualMs = virtualTime(clock, serverTimeMs);
  const speed = status.state === 'PAUSED' ? 0 : clock.speed;
  const moment = { turn, until, virtualMs, ratePerSecond, speed };
  if (virtualMs > until) return { kind: 'EXPIRED' };
  // Nobody enters while the clock stands, whatever the turn.
  return { kind: virtualMs >= turn && speed > 0 ? 'READY' : 'QUEUED', moment };
}
