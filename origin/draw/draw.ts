// The job `draw`: keeps the draws of loaded activities in the edge Redis, saves their entries each
// half second, and closes them at the start where nobody has come to do it.
import { edgeKeys } from '../../shared/keys.ts';
import { type ActivityRegistry, currentBySku } from '../activities/registry.ts';
import type { Lead } from '../leadership/leadership.ts';
import type { Nudge } from '../nudge.ts';
import { tripsOf } from '../redis/nodes.ts';
import type { ActivityRow, Store } from '../store/store.ts';
import { type DrawMemory, recallDraw } from './draw-memory.ts';
import { readDraws, type StoredDraw } from './stored-draw.ts';
import { type TendDrawOptions, tendDraw } from './tend-draw.ts';

export interface DrawJobOptions extends TendDrawOptions {
  readonly store: Pick<Store, 'findDraw' | 'saveDraw' | 'drawPages'>;
  readonly registry: Pick<ActivityRegistry, 'all' | 'refresh'>;
  readonly nudge: Nudge;
  /** The entries are closed and saved: all of the draw is public. */
  readonly onClosed: (row: ActivityRow, entries: number) => void;
  /** A part of a round that failed; the next round tries again. */
  readonly onError: (error: unknown) => void;
}

const ROUND_MS = 500;
/** Around its start a draw is closed within a tenth of a second. */
const CLOSE_ROUND_MS = 100;
const CLOSE_MS = 3_000;
const MAX_STEPS_PER_ROUND = 500;

/** Tends all draws, round after round, until the lead ends. */
export async function runDraws(lead: Lead, options: DrawJobOptions): Promise<void> {
  const memories = new Map<string, DrawMemory>();
  while (!lead.signal.aborted) {
    const nowMs = Date.now();
    const rows = dueRows(options.registry, nowMs);
    for (const activityId of memories.keys()) {
      if (!rows.some((row) => row.activityId === activityId)) memories.delete(activityId);
    }
    await round(lead, options, { rows, memories }).catch(options.onError);
    const isClose = rows.some(({ startAt }) => Math.abs(startAt - Date.now()) <= CLOSE_MS);
    await options.nudge.pause(isClose ? CLOSE_ROUND_MS : ROUND_MS, lead.signal);
  }
}

function dueRows(registry: Pick<ActivityRegistry, 'all'>, nowMs: number): ActivityRow[] {
  return [...currentBySku(registry.all(), nowMs).values()].filter(
    ({ draw, state, endAt }) => draw && state === 'LOADED' && endAt > nowMs,
  );
}

interface Draws {
  readonly rows: readonly ActivityRow[];
  readonly memories: Map<string, DrawMemory>;
}

async function round(lead: Lead, options: DrawJobOptions, { rows, memories }: Draws) {
  const trips = tripsOf(options.edgeRedis, rows, { keyOf, most: rows.length });
  const works = trips.map((trip) => tendTrip(lead, options, { rows: trip, memories }));
  await Promise.all(works.map((work) => work.catch(options.onError)));
}

const keyOf = ({ skuId }: ActivityRow): string => edgeKeys.draw(skuId);

/** Those of one server: one that is away holds up no other. */
async function tendTrip(lead: Lead, options: DrawJobOptions, { rows, memories }: Draws) {
  const stored = await readDraws(options.edgeRedis, rows);
  for (const [index, row] of rows.entries()) {
    if (lead.signal.aborted) return;
    await tendOne(options, { row, memories, stored: stored[index] }).catch((error: unknown) => {
      // What it holds may be half a step ahead of the database.
      memories.delete(row.activityId);
      options.onError(error);
    });
  }
}

async function tendOne(
  options: DrawJobOptions,
  {
    row,
    memories,
    stored: first,
  }: Pick<Draws, 'memories'> & { row: ActivityRow; stored: StoredDraw | undefined },
): Promise<void> {
  const { activityId } = row;
  const memory = memories.get(activityId) ?? (await recallDraw(options.store, activityId));
  if (memory === undefined) return;
  memories.set(activityId, memory);
  let stored = first;
  for (let step = 0; step < MAX_STEPS_PER_ROUND; step += 1) {
    const answer = await tendDraw(options, { row, memory, stored }, Date.now());
    if (answer === 'forget') memories.delete(activityId);
    if (answer === 'closed') {
      await options.registry.refresh();
      options.onClosed(row, memory.entries);
    }
    if (answer !== 'again') return;
    [stored] = await readDraws(options.edgeRedis, [row]);
  }
}
