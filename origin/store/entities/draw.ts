import { defineEntity, p } from '@mikro-orm/core';

/** The draw of an activity: its seed, and how far its entries are saved. */
export const DrawEntity = defineEntity({
  name: 'Draw',
  tableName: 'draw',
  properties: {
    activityId: p.string().length(64).primary(),
    seed: p.string().length(64),
    commitment: p.string().length(64),
    entries: p.bigint('number'),
    chain: p.string().length(40),
    closed: p.boolean(),
    root: p.string().length(64).nullable(),
  },
});
