// The form of a ticket: the signed copy of a place that the buyer carries. Signing is the edge's.
// Text: `1.<payload>.<signature>`, both base64url; the payload is a JSON array in the order below.
import { isUlid } from './order-id.ts';
import { isSkuId } from './words.ts';

export interface Ticket {
  readonly skuId: string;
  readonly activityId: string;
  /** HMAC of the user id, base64url: the ticket must not tell who carries it. */
  readonly userHash: string;
  readonly ulid: string;
  /** Virtual ms from which the place may enter; 0 of a draw entry that has no turn yet. */
  readonly turn: number;
  /** Virtual ms up to which it may enter; 0 of a draw entry that has no turn yet. */
  readonly until: number;
  /** Which entry of the draw it is, from 0, until the draw has given it a turn; else null. */
  readonly entry: number | null;
}

export const TICKET_VERSION = '1';
export const TICKET_MAX_LENGTH = 512;

export function ticketPayload(ticket: Ticket): string {
  const { skuId, activityId, userHash, ulid, turn, until, entry } = ticket;
  return JSON.stringify([skuId, activityId, userHash, ulid, turn, until, entry]);
}

/** The ticket in a payload whose signature has been checked, or undefined when it has another form. */
export function parseTicketPayload(payload: string): Ticket | undefined {
  let parts: unknown;
  try {
    parts = JSON.parse(payload);
  } catch {
    return undefined;
  }
  if (!Array.isArray(parts) || parts.length !== 7) return undefined;
  const [skuId, activityId, userHash, ulid, turn, until, entry]: unknown[] = parts;
  const isForm =
    typeof skuId === 'string' &&
    isSkuId(skuId) &&
    typeof activityId === 'string' &&
    typeof userHash === 'string' &&
    typeof ulid === 'string' &&
    isUlid(ulid) &&
    isMoment(turn) &&
    isMoment(until) &&
    (entry === null || isMoment(entry));
  return isForm ? { skuId, activityId, userHash, ulid, turn, until, entry } : undefined;
}

const isMoment = (value: unknown): value is number =>
  Number.isSafeInteger(value) && Number(value) >= 0;
