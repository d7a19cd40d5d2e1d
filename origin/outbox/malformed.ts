// What becomes of an entry that no script of ours writes. It holds its lane for a moment, for a relay
// of another version may lead next, and for as long as the lane may be a former activity's. Then it
// goes into the order log as what it is, in its place, and becomes a dead letter.
import type { OrderLog } from '../order-log/order-log.ts';
import type { MalformedEntry } from './batches.ts';
import type { Holds } from './holds.ts';
import type { Outbox } from './outbox.ts';

export type MalformedStep = 'held' | 'buried';

export interface MalformedOptions {
  readonly outbox: Pick<Outbox, 'remove'>;
  readonly orderLog: Pick<OrderLog, 'bury'>;
  readonly holds: Holds;
  /**
   * Whether the database says, now, that this activity is the one loaded for its SKU. What a lane
   * that is out of date cannot read is the next activity's. False where nobody can be asked.
   */
  readonly isLoaded: (activityId: string) => Promise<boolean>;
  readonly onMalformed: (entry: MalformedEntry, step: MalformedStep) => void;
}

export const HELD_MS = 2_000;
const STALLED_MS = 200;
/** Of the text that is kept: a record of the order log takes no more than about a megabyte. */
const MAX_TEXT = 200_000;

/** To be called with entries before which nothing of their lane is left in the outbox. */
export function createMalformed(options: MalformedOptions) {
  const { outbox, orderLog, holds, onMalformed } = options;
  const heldSince = new Map<string, { readonly id: string; readonly at: number }>();

  return async (entry: MalformedEntry): Promise<void> => {
    const { lane, id } = entry;
    const held = heldSince.get(lane.skuId);
    if (held?.id !== id) {
      heldSince.set(lane.skuId, { id, at: performance.now() });
      holds.hold(lane.skuId, HELD_MS);
      return onMalformed(entry, 'held');
    }
    const leftMs = held.at + HELD_MS - performance.now();
    if (leftMs > 0) return holds.hold(lane.skuId, leftMs);
    if (!(await options.isLoaded(lane.activityId))) return holds.hold(lane.skuId, HELD_MS);
    const { stalled } = await orderLog.bury(unreadable(entry));
    if (stalled.length > 0) return holds.hold(lane.skuId, STALLED_MS);
    await outbox.remove([entry]);
    heldSince.delete(lane.skuId);
    onMalformed(entry, 'buried');
  };
}

/** Its id and words say where it stood: the same entry, buried twice, is one dead letter. */
function unreadable({ lane, id, fields, error }: MalformedEntry) {
  const { activityId, skuId } = lane;
  const [epoch = 0, seq = 0] = id.split('-').map(Number);
  const text = JSON.stringify(fields);
  const why = error instanceof Error ? error.message : String(error);
  const cut = text.length > MAX_TEXT ? `, cut from ${text.length} characters` : '';
  return {
    text: text.slice(0, MAX_TEXT),
    reason: why + cut,
    position: `outbox/${activityId}/${id}`,
    lost: { activityId, skuId, epoch, seq },
  };
}
