// A ticket that came with a purchase, looked at before anything is known of the sale: it is
// evidence of a place, also while Redis is away or has lost it.
import { orderIdOf } from '../../shared/order-id.ts';
import type { Refusal } from '../../shared/refusal.ts';
import type { Ticket } from '../../shared/ticket.ts';
import type { Edge } from '../edge.ts';
import type { PlaceIds } from './placed.ts';

export interface ShownTicket {
  readonly ticket: Ticket;
  readonly ids: PlaceIds;
}

/** The ticket, if it is one of ours, of this user and of this item; whose activity is not checked. */
export async function showTicket(
  { tickets, userHashOf }: Pick<Edge, 'tickets' | 'userHashOf'>,
  text: string | undefined,
  { userId, skuId }: { readonly userId: string; readonly skuId: string },
): Promise<ShownTicket | undefined> {
  const ticket = text === undefined ? undefined : await tickets.verify(text);
  if (text === undefined || ticket === undefined || ticket.skuId !== skuId) return undefined;
  const { activityId } = ticket;
  if (ticket.userHash !== (await userHashOf({ userId, activityId }))) return undefined;
  return { ticket, ids: { ticket: text, orderId: orderIdOf(ticket) } };
}

/** Who showed a ticket keeps it through everything that cannot be decided now. */
export function withPlace(refusal: Refusal, shown: ShownTicket | undefined): Refusal {
  switch (refusal.kind) {
    case 'paused':
    case 'busy':
    case 'fenced':
    case 'unavailable':
      return { ...shown?.ids, ...refusal };
    default:
      return refusal;
  }
}
