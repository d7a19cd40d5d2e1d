// What a verdict of `admit` becomes: a refusal, a 202 that leaves the buyer with a place, or the
// way to the origin.
import { orderIdOf } from '../../shared/order-id.ts';
import type { Ticket } from '../../shared/ticket.ts';
import type { Place } from '../admit/place.ts';
import type { Verdict } from '../admit/verdict.ts';
import { refuse } from '../answer.ts';
import type { Wanted } from '../body/parse-purchase.ts';
import type { Call } from '../call.ts';
import type { Edge } from '../edge.ts';
import { openingOf } from '../sale/openness.ts';
import { type KnownSale, serverTime } from '../sale/status-memory.ts';
import { entryWithReceipt, leafOf } from '../ticket/entry-receipt.ts';
import { confirming, enteredDraw, type PlaceIds, queued, ready } from './placed.ts';
import { type ShownTicket, withPlace } from './shown-ticket.ts';
import type { Line } from './waiting.ts';

const LINE_FULL_RETRY_SECONDS = 5;
const PAUSED_RETRY_SECONDS = 5;
const AWAY_RETRY_SECONDS = 1;

export interface Buyer {
  readonly userId: string;
  readonly userHash: string;
  readonly skuId: string;
  readonly wanted: Wanted;
  readonly sale: KnownSale;
  /** The id that a new place bears: whose place bears it has just got it. */
  readonly freshUlid: string;
  readonly shown: ShownTicket | undefined;
}

type PlainVerdict = Exclude<Verdict, { kind: 'device-full' }>;
type PlacedKind = Extract<PlainVerdict, { place: Place }>['kind'];

export async function answerVerdict(
  edge: Edge,
  call: Call,
  { verdict, buyer }: { readonly verdict: PlainVerdict; readonly buyer: Buyer },
): Promise<Response> {
  const { sale, shown } = buyer;
  switch (verdict.kind) {
    case 'not-open': {
      const opensAt = openingOf(sale.status);
      return refuse(call, { kind: 'not-open', opensAt, serverTime: serverTime(sale, Date.now()) });
    }
    case 'ended':
      return refuse(call, { kind: 'ended' });
    case 'closed': {
      const { soldOut, unitsMayReturn } = sale.status;
      if (soldOut) return refuse(call, { kind: 'sold-out', unitsMayReturn });
      return refuse(call, { kind: 'line-full', retryAfterSeconds: LINE_FULL_RETRY_SECONDS });
    }
    case 'line-full':
      return refuse(call, { kind: 'line-full', retryAfterSeconds: LINE_FULL_RETRY_SECONDS });
    case 'no-line':
    case 'away': {
      const refusal = { kind: 'unavailable', retryAfterSeconds: AWAY_RETRY_SECONDS } as const;
      return refuse(call, withPlace(refusal, shown));
    }
    default:
      return answerPlace(edge, call, { kind: verdict.kind, place: verdict.place, buyer });
  }
}

/** Whoever has a place gets its ticket and order id, whatever else the answer says. */
async function answerPlace(
  edge: Edge,
  call: Call,
  placed: { readonly kind: PlacedKind; readonly place: Place; readonly buyer: Buyer },
): Promise<Response> {
  const { kind, place, buyer } = placed;
  const { skuId, userHash, sale, freshUlid } = buyer;
  const { random } = edge;
  const { activityId } = sale.status;
  const { ulid, turn, until, entry } = place;
  const copy: Ticket = { skuId, activityId, userHash, ulid, turn, until, entry };
  const ticket = await edge.tickets.sign(copy);
  const ids = { ticket, orderId: orderIdOf({ skuId, ulid }) };
  const line: Line = { status: sale.status, nowMs: serverTime(sale, Date.now()) };
  if (ulid === freshUlid && kind !== 'enter') edge.counts.add('queued');
  switch (kind) {
    case 'entered-draw': {
      const drawn = { skuId, activityId, index: entry ?? 0, leaf: leafOf(userHash) };
      const receipt = await entryWithReceipt(edge.entryHmac, drawn);
      return enteredDraw(call, ids, { line, random, entry: receipt });
    }
    case 'wait':
      return queued(call, ids, { moment: place, line, random });
    case 'ready':
      return ready(call, ids, { moment: place, random });
    case 'confirming':
      return confirming(call, ids);
    case 'paused':
      return refuse(call, { kind: 'paused', retryAfterSeconds: PAUSED_RETRY_SECONDS, ...ids });
    case 'enter':
      return enter(edge, call, { ids, place, buyer, line });
  }
}

/** A called person who finds no unit keeps the place while unpaid ones may return in time. */
async function enter(
  edge: Edge,
  call: Call,
  entering: {
    readonly ids: PlaceIds;
    readonly place: Place;
    readonly buyer: Buyer;
    readonly line: Line;
  },
): Promise<Response> {
  const { ids, place, buyer, line } = entering;
  const { skuId, userId, wanted } = buyer;
  const { quantity, receipt } = wanted;
  const isPlain = wanted.ticket === undefined && wanted.againUlid === '';
  const follows = isPlain && place.follows !== '' ? place.follows : undefined;
  const purchase = {
    quantity,
    ...(receipt === undefined ? {} : { receipt }),
    ...(follows === undefined ? {} : { follows: orderIdOf({ skuId, ulid: follows }) }),
  };
  const { activityId } = line.status;
  const forwarded = await edge.forward(
    { skuId, activityId, userId, ulid: place.ulid, ticket: ids.ticket, purchase },
    call,
  );
  if (forwarded.kind === 'answer') return forwarded.response;
  const { soldOut, unitsMayReturn } = line.status;
  // What is held then returns after the end only: nobody waits for it.
  if (soldOut && !unitsMayReturn) return refuse(call, { kind: 'sold-out', unitsMayReturn });
  const noUnit = { ...line, noUnit: true };
  return queued(call, ids, { moment: place, line: noUnit, random: edge.random });
}
