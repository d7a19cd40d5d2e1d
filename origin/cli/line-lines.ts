// How a line moves, as a person reads it.
import * as v from 'valibot';
import { countOf } from './count-of.ts';

const lineSchema = v.object({
  skuId: v.string(),
  activityId: v.string(),
  pinnedTo: v.nullable(v.number()),
  speed: v.nullable(v.number()),
  reason: v.nullable(v.string()),
  virtualMs: v.number(),
  virtualUntil: v.nullable(v.number()),
  waiting: v.number(),
  called: v.number(),
  came: v.number(),
  origins: v.array(
    v.object({
      eventLoopMs: v.number(),
      reserveMs: v.number(),
      backlog: v.number(),
      refused: v.number(),
    }),
  ),
});

export function lineLines(answer: unknown): readonly string[] {
  const line = v.parse(lineSchema, answer);
  const { skuId, activityId, speed, reason, pinnedTo, virtualMs, virtualUntil } = line;
  const aheadMs = Math.max(0, (virtualUntil ?? 0) - virtualMs);
  return [
    `${skuId}, activity ${activityId}`,
    speed === null
      ? 'its clock does not run yet'
      : `speed ${speed} (${reason ?? 'no reason given'}), ${(aheadMs / 1_000).toFixed(1)} s ahead`,
    pinnedTo === null ? 'not pinned' : `pinned to ${pinnedTo}`,
    `${line.waiting} ${line.waiting === 1 ? 'waits' : 'wait'}; lately called ${line.called}, of whom ${line.came} came`,
    ...line.origins.map(({ eventLoopMs, reserveMs, backlog, refused }, index) => {
      const times = `event loop ${eventLoopMs} ms, reservations ${reserveMs} ms`;
      return `origin ${index + 1}: ${times}, ${countOf(backlog, 'event')} behind, ${refused} refused`;
    }),
  ];
}
