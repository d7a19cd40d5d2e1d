// Where an event stands in its activity's sequence, seen from what has been applied.
import type { OrderEvent } from '../../../shared/order-event.ts';

/**
 * `opens`: the first event of a newer epoch. `next`: the number that is due. `known`: a number of
 * this epoch that has been applied. `older`: of an epoch that is over. `gap`: something before it
 * is missing.
 */
export type Position = 'opens' | 'next' | 'known' | 'older' | 'gap';

export function positionOf(
  event: Pick<OrderEvent, 'type' | 'epoch' | 'seq'>,
  applied: { readonly epoch: number; readonly seq: number },
): Position {
  if (event.epoch < applied.epoch) return 'older';
  if (event.epoch > applied.epoch) return event.type === 'epoch' ? 'opens' : 'gap';
  if (event.type === 'epoch' || event.seq <= applied.seq) return 'known';
  return event.seq === applied.seq + 1 ? 'next' : 'gap';
}
