import { defineEntity, p } from '@mikro-orm/core';

/** How far the writer has come with an activity; the row that the writer locks. */
export const AppliedEntity = defineEntity({
  name: 'Applied',
  tableName: 'applied',
  properties: {
    activityId: p.string().length(64).primary(),
    epoch: p.bigint('number'),
    seq: p.bigint('number'),
    sold: p.bigint('number'),
    stock: p.bigint('number'),
    alarmEpoch: p.bigint('number'),
    alarm: p.string().length(500).nullable(),
  },
});
