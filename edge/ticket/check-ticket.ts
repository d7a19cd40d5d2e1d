import type { Refusal } from '../../shared/refusal.ts';
import type { Ticket } from '../../shared/ticket.ts';
import type { Tickets } from './ticket.ts';

export type CheckedTicket =
  | { readonly kind: 'pass'; readonly ticket: Ticket | undefined }
  | { readonly kind: 'refuse'; readonly refusal: Refusal };

/** A posted ticket must be ours, this user's and this activity's; none at all is fine. */
export async function checkTicket(
  tickets: Tickets,
  text: string | undefined,
  bearer: Pick<Ticket, 'skuId' | 'activityId' | 'userHash'>,
): Promise<CheckedTicket> {
  if (text === undefined) return { kind: 'pass', ticket: undefined };
  const ticket = await tickets.verify(text);
  const isTheirs =
    ticket !== undefined &&
    ticket.skuId === bearer.skuId &&
    ticket.activityId === bearer.activityId &&
    ticket.userHash === bearer.userHash;
  return isTheirs
    ? { kind: 'pass', ticket }
    : { kind: 'refuse', refusal: { kind: 'ticket-invalid' } };
}
