import { describe, expect, it } from 'vitest';
import { parseTicketPayload, type Ticket } from '../../shared/ticket.ts';
import { checkTicket } from './check-ticket.ts';
import { createTickets } from './ticket.ts';

const tickets = createTickets('a-secret-of-tickets');
const bearer = { skuId: 'lamp', activityId: 'activity-1', userHash: 'hash-of-the-user' };
const ticket: Ticket = {
  ...bearer,
  ...{ ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV', turn: 1_000, until: 31_000, entry: null },
};
const check = async (changes: Partial<Ticket>) =>
  checkTicket(tickets, await tickets.sign({ ...ticket, ...changes }), bearer);

describe('a posted ticket', () => {
  it('passes as it was signed, early, late, repeated or a draw entry’s', async () => {
    expect(await check({})).toEqual({ kind: 'pass', ticket });
    const text = await tickets.sign(ticket);
    for (let time = 0; time < 3; time += 1) {
      expect(await checkTicket(tickets, text, bearer)).toEqual({ kind: 'pass', ticket });
    }
    // Whether its turn has come, or has passed, is for Redis to say.
    for (const changes of [
      { turn: 9e14, until: 9e14 },
      { turn: 0, until: 1 },
    ]) {
      expect((await check(changes)).kind).toBe('pass');
    }
    const entry = { ...ticket, turn: 0, until: 0, entry: 7 };
    expect(await check(entry)).toEqual({ kind: 'pass', ticket: entry });
    expect(await checkTicket(tickets, undefined, bearer)).toEqual({
      kind: 'pass',
      ticket: undefined,
    });
  });

  it('is refused where it is another’s, another item’s or activity’s, or nobody’s', async () => {
    const refused = { kind: 'refuse', refusal: { kind: 'ticket-invalid' } };
    for (const changes of [{ userHash: 'x' }, { skuId: 'chair' }, { activityId: 'activity-2' }]) {
      expect(await check(changes)).toEqual(refused);
    }
    for (const text of ['', 'x', '1.e30.AAAA', `${await tickets.sign(ticket)}A`]) {
      expect(await checkTicket(tickets, text, bearer)).toEqual(refused);
    }
  });

  it('says which entry it is of, or that it is none', () => {
    const six = [...Object.values(bearer), ticket.ulid, ticket.turn, ticket.until];
    expect(parseTicketPayload(JSON.stringify(six))).toBeUndefined();
    expect(parseTicketPayload(JSON.stringify([...six, -1]))).toBeUndefined();
    expect(parseTicketPayload(JSON.stringify([...six, null]))).toBeDefined();
  });
});
