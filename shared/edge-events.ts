// What edges tell the origin of themselves, once a second per isolate at most: counts of events
// and of people who passed a stage. Isolates forget, so these are lower bounds; nothing is decided
// from them.
import * as v from 'valibot';

export const EDGE_EVENTS_PATH = '/internal/edge-events';

/** Stages of the funnel that only an edge sees. */
export const EDGE_STAGES = ['requests', 'l1', 'l2', 'l3', 'queued'] as const;
export type EdgeStage = (typeof EDGE_STAGES)[number];

/** Events of the Worker's log that are counted; any other is counted as `other`. */
export const EDGE_EVENTS = [
  'admit answered oddly',
  'admit failed',
  'device refused',
  'facts not counted',
  'ip-limit counts here',
  'keys of tokens away',
  'origin answered oddly',
  'origin away',
  'origin list refused',
  'purchase challenged',
  'purchase refused',
  'redis away',
  'status document unreadable',
  'turnstile away',
  'unexpected',
] as const;
export type EdgeEvent = (typeof EDGE_EVENTS)[number] | 'other';

const MAX_COUNT = 10_000_000;
const MAX_NAME_LENGTH = 64;

export const edgeEventsSchema = v.strictObject({
  counts: v.record(
    v.pipe(v.string(), v.maxLength(MAX_NAME_LENGTH)),
    v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_COUNT)),
  ),
});
