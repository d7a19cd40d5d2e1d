// Tickets of a replay: a corpus names one by a word, and whoever uses the word first owns it.
import { createUserHash } from '../../../edge/identity/user-key.ts';
import { createTickets } from '../../../edge/ticket/ticket.ts';
import { mintUlid } from '../../../shared/order-id.ts';
import type { Session } from '../corpus.ts';
import { ACTIVITY, SKU, TICKET_SECRET } from './shop.ts';

/** The text that a user sends for a word; its owner needs none, for the place is known. */
export type TicketFor = (word: string | null, userId: string) => string | undefined;

export async function drawTickets(sessions: readonly Session[], nowMs: number): Promise<TicketFor> {
  const tickets = createTickets(TICKET_SECRET);
  const hashOf = createUserHash(TICKET_SECRET);
  const uses = sessions
    .flatMap(({ user_id, requests }) => requests.map(({ t, ticket }) => ({ t, ticket, user_id })))
    .sort((a, b) => a.t - b.t);
  const owners = new Map<string, string>();
  for (const { ticket, user_id } of uses) {
    if (ticket !== null && !owners.has(ticket)) owners.set(ticket, user_id);
  }
  const texts = new Map<string, string>();
  for (const [word, userId] of owners) {
    const userHash = await hashOf({ userId, activityId: ACTIVITY });
    const place = { ulid: mintUlid(nowMs), turn: 0, until: 86_400_000, entry: null };
    texts.set(word, await tickets.sign({ skuId: SKU, activityId: ACTIVITY, userHash, ...place }));
  }
  return (word, userId) =>
    word === null || owners.get(word) === userId ? undefined : texts.get(word);
}
