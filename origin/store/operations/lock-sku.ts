import { LockMode } from '@mikro-orm/core';
import { SkuEntity } from '../entities/sku.ts';
import type { Em } from '../orm.ts';

/**
 * Makes what concerns several activities of a SKU happen one after the other. A row of its own,
 * because there is none of the SKU's to lock before its first activity.
 */
export async function lockSku(em: Em, skuId: string): Promise<void> {
  const row = await em.findOne(SkuEntity, { skuId }, { lockMode: LockMode.PESSIMISTIC_WRITE });
  if (row === null) await em.insert(SkuEntity, { skuId });
}
