// Promise 6 from outside: an order id is one user's, nobody holds two places, no turn comes earlier
// than it was, and nobody is kept waiting behind somebody who was behind and has entered.
import { parseTicketPayload } from '../../shared/ticket.ts';
import type { Buyer, Told } from './buyer.ts';

export interface PlacesFacts {
  /** Places may be lost with Redis, and then start over. */
  readonly losesData: boolean;
  readonly buyers: readonly Buyer[];
}

/** What is wrong with places, in words. */
export function wrongPlacesIn({ buyers, losesData }: PlacesFacts): string[] {
  const anyway = [...sharedIn(buyers), ...buyers.flatMap(({ told }) => earlierIn(told))];
  if (losesData) return anyway;
  return [...anyway, ...buyers.flatMap(twoPlacesOf), ...overtakenIn(buyers)];
}

function sharedIn(buyers: readonly Buyer[]): string[] {
  const owners = new Map<string, string>();
  const wrong = new Set<string>();
  for (const { userId, told } of buyers) {
    for (const { orderId } of placesIn(told)) {
      const owner = owners.get(orderId) ?? userId;
      owners.set(orderId, owner);
      if (owner !== userId) wrong.add(`${orderId} was given to ${owner} and to ${userId}`);
    }
  }
  return [...wrong];
}

function earlierIn(told: readonly Told[]): string[] {
  const turns = new Map<string, number>();
  return placesIn(told).flatMap(({ orderId, turn }) => {
    if (turn === undefined) return [];
    const before = turns.get(orderId) ?? turn;
    turns.set(orderId, turn);
    return turn < before ? [`${orderId}: its turn went from ${before} to ${turn}`] : [];
  });
}

/** Back at a former place after another one was told: both were held. */
function twoPlacesOf({ userId, told }: Buyer): string[] {
  const waiting = placesIn(told).filter(({ turn }) => turn !== undefined);
  const back = waiting.filter((place) => {
    const before = waiting.filter(({ atMs }) => atMs < place.fromMs);
    const other = before.findLastIndex(({ orderId }) => orderId !== place.orderId);
    return before.slice(0, Math.max(0, other)).some(({ orderId }) => orderId === place.orderId);
  });
  return back.length > 0 ? [`${userId} held two places, ${back[0]?.orderId} was one`] : [];
}

interface Entrance {
  readonly atMs: number;
  readonly turn: number;
  readonly orderId: string;
}

function overtakenIn(buyers: readonly Buyer[]): string[] {
  // Only those that are later than all before them: who waits behind one of these is enough.
  const latest: Entrance[] = [];
  const entrances = buyers.flatMap(({ told }) => entrancesIn(told));
  for (const entrance of entrances.toSorted((one, other) => one.atMs - other.atMs)) {
    if (entrance.turn > (latest.at(-1)?.turn ?? -1)) latest.push(entrance);
  }
  return buyers.flatMap(({ told }) => {
    const wrong = placesIn(told).flatMap((place) => {
      const ahead = latest.findLast(({ atMs }) => atMs < place.fromMs);
      if (!place.isQueued || place.turn === undefined || ahead === undefined) return [];
      if (ahead.turn <= place.turn) return [];
      return [
        `${place.orderId} (turn ${place.turn}) waits, ${ahead.orderId} (${ahead.turn}) is in`,
      ];
    });
    return wrong.slice(0, 1);
  });
}

/** First confirmations, each with the last turn that was told of it. */
function entrancesIn(told: readonly Told[]): Entrance[] {
  const turns = new Map<string, number>();
  const entered = new Map<string, Entrance>();
  for (const { orderId, turn, status, atMs } of placesIn(told)) {
    const known = turn ?? turns.get(orderId);
    if (known === undefined) continue;
    turns.set(orderId, known);
    if (status === 201 && !entered.has(orderId)) {
      entered.set(orderId, { atMs, turn: known, orderId });
    }
  }
  return [...entered.values()];
}

interface Place {
  readonly orderId: string;
  readonly status: number;
  /** Of the ticket in the answer. */
  readonly turn: number | undefined;
  /** In line, and neither called nor waiting for a unit that may return. */
  readonly isQueued: boolean;
  readonly fromMs: number;
  readonly atMs: number;
}

function placesIn(told: readonly Told[]): Place[] {
  return told.flatMap(({ call, status, body, fromMs, atMs }) => {
    const { orderId, ticket, state, reason } = body;
    if (call !== 'purchase' || typeof orderId !== 'string') return [];
    const isQueued = state === 'QUEUED' && reason === undefined;
    return [{ orderId, status, turn: turnOf(ticket), isQueued, fromMs, atMs }];
  });
}

function turnOf(ticket: unknown): number | undefined {
  const [, payload = ''] = String(ticket ?? '').split('.');
  if (payload === '') return undefined;
  return parseTicketPayload(Buffer.from(payload, 'base64url').toString())?.turn;
}
