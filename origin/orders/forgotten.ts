// Redis keeps an order's status until a week behind its payBy; a sale may go on for longer. From then
// on the row alone tells, and it has its end: what may be that old is asked of the database first.
import { decodeTime } from 'ulid';

/** A day before the status of an order may be gone, for ids are minted by other machines' clocks. */
const SURELY_KEPT_MS = 6 * 86_400_000;

/** Whether an order under this id may be one whose status Redis has let go. */
export const mayBeForgotten = (ulid: string, nowMs = Date.now()): boolean =>
  nowMs - decodeTime(ulid) > SURELY_KEPT_MS;
