import { defineEntity, p } from '@mikro-orm/core';
import type { ActivityAction } from '../activities-port.ts';

/** Who changed an activity, when, and what. */
export const ActivityChangeEntity = defineEntity({
  name: 'ActivityChange',
  tableName: 'activity_change',
  properties: {
    id: p.bigint('number').primary(),
    activityId: p.string().length(64),
    version: p.integer(),
    action: p.string().length(16).$type<ActivityAction>(),
    actor: p.string().length(128),
    at: p.bigint('number'),
    /** JSON: member → [before, after]. */
    diff: p.text(),
  },
});
