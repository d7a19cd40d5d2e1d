// The last word on a sale: its status document stays, and says CLOSED, until another one's replaces
// it or its lifetime ends.
import { edgeKeys } from '../../shared/keys.ts';
import { parseSaleStatus } from '../../shared/sale-status.ts';
import { writeStatus } from '../line/status-document.ts';
import type { Redis } from '../redis/client.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';

/** `script` is `lua/set-status.lua`. Safe to repeat: the document of another activity stays. */
export async function tellClosed(
  target: { readonly redis: Redis; readonly script: Script },
  row: ActivityRow,
): Promise<void> {
  const text = await target.redis.get(edgeKeys.saleStatus(row.skuId));
  const status = text === null ? undefined : parseSaleStatus(text);
  if (status?.activityId !== row.activityId || status.state === 'CLOSED') return;
  const closed = { state: 'CLOSED', joinable: false, unitsMayReturn: false, held: 0 } as const;
  await writeStatus(target, row, {
    ...status,
    ...closed,
    nextReturnAt: null,
    version: status.version + 1,
  });
}
