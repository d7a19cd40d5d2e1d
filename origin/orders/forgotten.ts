// Redis keeps an order's status until a week behind its payBy; a sale may go on for longer. From then
// on the row alone tells, and it has its end: what may be that old is asked of the database first.
import { decodeTime } from 'ulid';
import type { ActivityRow } from '../store/store.ts';

/** A day before the status of an order may be gone, for ids are minted by other machines' clocks. */
const SURELY_KEPT_MS = 6 * 86_400_000;

/**
 * Whether an order under this id may be one whose status Redis has let go. A place may be much older
 * than the sale, an order is not.
 */
export function mayBeForgotten(
  ulid: string,
  { startAt }: Pick<ActivityRow, 'startAt'>,
  nowMs = Date.now(),
): boolean {
  return nowMs - Math.max(startAt, decodeTime(ulid)) > SURELY_KEPT_MS;
}
