// What the draw gave an entry, from the public document alone: no poll asks Redis for it.
import { type ClosedDraw, drawKey, placeOfEntry, turnOfPlace } from '../../shared/draw.ts';
import type { SaleStatus } from '../../shared/sale-status.ts';
import type { Ticket } from '../../shared/ticket.ts';
import { BoundedMap } from '../bounded-map.ts';
import { hexOf } from '../hex.ts';

export interface DrawnTickets {
  /**
   * The ticket with the turn of its entry; as it is while the draw has not been held. An estimate,
   * never signed: only the script knows whether the entry is still this user's.
   */
  drawn(ticket: Ticket, status: SaleStatus): Promise<Ticket>;
}

const MAX_TURNS = 50_000;

export function createDrawnTickets(): DrawnTickets {
  const turns = new BoundedMap<string, number>(MAX_TURNS);
  return {
    async drawn(ticket, status) {
      const draw = closedDrawOf(status);
      const { entry, activityId } = ticket;
      if (entry === null || draw === undefined || activityId !== status.activityId) return ticket;
      // Nobody's entry: an edge Redis that was emptied gave it out once more than it counted.
      if (entry >= draw.entries) return { ...ticket, turn: 0, until: -1, entry: null };
      const name = `${activityId} ${draw.chain} ${entry}`;
      const turn = turns.get(name) ?? (await turnOf(entry, draw, status));
      turns.set(name, turn);
      return { ...ticket, turn, until: turn + status.windowMs, entry: null };
    },
  };
}

function closedDrawOf({ draw }: SaleStatus): ClosedDraw | undefined {
  const { seed, chain, entries = 0, beacon } = draw ?? {};
  return seed === undefined || chain === undefined ? undefined : { seed, chain, entries, beacon };
}

async function turnOf(index: number, draw: ClosedDraw, status: SaleStatus): Promise<number> {
  const key = await drawKey(sha1, draw);
  const place = await placeOfEntry(sha1, { key, entries: draw.entries, index });
  return turnOfPlace(place, status);
}

async function sha1(text: string): Promise<string> {
  return hexOf(await crypto.subtle.digest('SHA-1', new TextEncoder().encode(text)));
}
