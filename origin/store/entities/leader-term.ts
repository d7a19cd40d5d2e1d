import { defineEntity, p } from '@mikro-orm/core';

export const LeaderTermEntity = defineEntity({
  name: 'LeaderTerm',
  tableName: 'leader_term',
  properties: {
    job: p.string().length(128).primary(),
    term: p.bigint('number'),
  },
});
