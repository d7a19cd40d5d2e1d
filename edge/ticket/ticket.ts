// Tickets: signed here, checked here. Their form stands in shared/ticket.ts.
import {
  parseTicketPayload,
  TICKET_MAX_LENGTH,
  TICKET_VERSION,
  type Ticket,
  ticketPayload,
} from '../../shared/ticket.ts';
import { decodeText, encodeBytes, encodeText } from '../base64url.ts';
import { isEqualText } from '../equal-texts.ts';
import { createHmac } from '../hmac.ts';
import { remembering } from '../remembering.ts';

export interface Tickets {
  sign(ticket: Ticket): Promise<string>;
  /** The ticket that this Worker signed, or undefined for every other text. */
  verify(text: string): Promise<Ticket | undefined>;
}

/** Polls of a place repeat its ticket. */
const MAX_REMEMBERED = 20_000;

export function createTickets(secret: string): Tickets {
  const hmac = createHmac(secret);
  const signatureOf = async (signed: string): Promise<string> => encodeBytes(await hmac(signed));
  const ticketIn = remembering(MAX_REMEMBERED, async (text) => {
    const [version, payload, signature, ...rest] = text.split('.');
    if (version !== TICKET_VERSION || payload === undefined) return undefined;
    if (signature === undefined || rest.length > 0) return undefined;
    // Texts are compared, not bytes: base64url writes one signature in several ways.
    if (!isEqualText(signature, await signatureOf(`${version}.${payload}`))) return undefined;
    const decoded = decodeText(payload);
    return decoded === undefined ? undefined : parseTicketPayload(decoded);
  });
  return {
    async sign(ticket) {
      const signed = `${TICKET_VERSION}.${encodeText(ticketPayload(ticket))}`;
      return `${signed}.${await signatureOf(signed)}`;
    },
    verify: async (text) => (text.length > TICKET_MAX_LENGTH ? undefined : ticketIn(text)),
  };
}
