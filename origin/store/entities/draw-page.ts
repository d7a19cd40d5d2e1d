import { defineEntity, p } from '@mikro-orm/core';

/** Entries of a draw in order, up to a thousand. */
export const DrawPageEntity = defineEntity({
  name: 'DrawPage',
  tableName: 'draw_page',
  properties: {
    activityId: p.string().length(64).primary(),
    first: p.bigint('number').primary(),
    leaves: p.text(),
  },
});
