// Cuts what waits in the outbox into batches for the order log: whole entries, each lane's in
// order, and a lane ends where an entry cannot be read.
import type { LoggedEvent } from '../order-log/order-log.ts';
import { type OutboxLane, parseOutboxEntry } from './entry.ts';

export interface LaneEntries {
  readonly lane: OutboxLane;
  readonly entries: readonly (readonly [id: string, fields: readonly string[]])[];
}

export interface BatchEntry {
  readonly lane: OutboxLane;
  readonly id: string;
  readonly events: readonly LoggedEvent[];
}

export interface MalformedEntry {
  readonly lane: OutboxLane;
  readonly id: string;
  readonly fields: readonly string[];
  readonly error: unknown;
}

export interface Cut {
  readonly batches: readonly (readonly BatchEntry[])[];
  readonly malformed: readonly MalformedEntry[];
}

/** No batch has more than `mostEvents`, unless a single entry has. */
export function cutBatches(waiting: readonly LaneEntries[], mostEvents: number): Cut {
  const batches: BatchEntry[][] = [];
  const malformed: MalformedEntry[] = [];
  let room = 0;
  for (const { lane, entries } of waiting) {
    for (const [id, fields] of entries) {
      let events: LoggedEvent[];
      try {
        events = parseOutboxEntry(lane, id, fields);
      } catch (error) {
        malformed.push({ lane, id, fields, error });
        break;
      }
      if (events.length > room) {
        batches.push([]);
        room = mostEvents;
      }
      batches.at(-1)?.push({ lane, id, events });
      room -= events.length;
    }
  }
  return { batches, malformed };
}
