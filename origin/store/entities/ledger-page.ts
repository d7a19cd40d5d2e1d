import { defineEntity, p } from '@mikro-orm/core';

/** Lines of the ledger that one transaction of the writer added, oldest id first. */
export const LedgerPageEntity = defineEntity({
  name: 'LedgerPage',
  tableName: 'ledger_page',
  properties: {
    id: p.bigint('number').primary(),
    activityId: p.string().length(64),
    /** Lines, line feeds between. */
    body: p.text(),
    head: p.string().length(64),
  },
});
