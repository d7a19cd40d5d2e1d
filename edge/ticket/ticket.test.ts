import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TICKET_MAX_LENGTH, type Ticket } from '../../shared/ticket.ts';
import { encodeText } from '../base64url.ts';
import { createTickets } from './ticket.ts';

const tickets = createTickets('a-secret-of-tickets');
const ticket: Ticket = {
  skuId: 'sku_1',
  activityId: 'activity-1',
  userHash: 'hash-of-the-user',
  ulid: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
  turn: 1_000,
  until: 31_000,
  entry: null,
};

describe('a ticket', () => {
  it('comes back as it was signed', async () => {
    expect(await tickets.verify(await tickets.sign(ticket))).toEqual(ticket);
  });

  it('fits its limit with the longest words', async () => {
    const longest = { ...ticket, skuId: 'x'.repeat(32), activityId: 'y'.repeat(64) };
    const text = await tickets.sign({ ...longest, turn: 9e15, until: 9e15, entry: 9e15 });
    expect(text.length).toBeLessThanOrEqual(TICKET_MAX_LENGTH);
  });

  it('is worth nothing with a single bit changed', async () => {
    const text = await tickets.sign(ticket);
    const flips = fc.tuple(fc.nat(text.length - 1), fc.nat(6));
    await fc.assert(
      fc.asyncProperty(flips, async ([at, bit]) => {
        const flipped = String.fromCharCode(text.charCodeAt(at) ^ (1 << bit));
        const changed = text.slice(0, at) + flipped + text.slice(at + 1);
        expect(await tickets.verify(changed)).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('is worth nothing cut, lengthened or signed with another secret', async () => {
    const text = await tickets.sign(ticket);
    const foreign = await createTickets('another-secret').sign(ticket);
    for (const other of [text.slice(0, -1), `${text}A`, `${text}.x`, text.slice(2), foreign, '']) {
      expect(await tickets.verify(other), other).toBeUndefined();
    }
  });

  it('is no text that only looks like one', async () => {
    const none = `1.${encodeText('[]')}.${'A'.repeat(43)}`;
    for (const text of ['1..', '..', 'x', none, 'A'.repeat(TICKET_MAX_LENGTH + 1)]) {
      expect(await tickets.verify(text)).toBeUndefined();
    }
  });

  it('is nothing to fuzzers', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), async (text) => {
        expect(await tickets.verify(text)).toBeUndefined();
      }),
    );
  });
});
