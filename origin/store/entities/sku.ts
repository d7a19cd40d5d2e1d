import { defineEntity, p } from '@mikro-orm/core';

/** One row per SKU, locked while it is decided whether a new activity overlaps another. */
export const SkuEntity = defineEntity({
  name: 'Sku',
  tableName: 'sku',
  properties: { skuId: p.string().length(32).primary() },
});
