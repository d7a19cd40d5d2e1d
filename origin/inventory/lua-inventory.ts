// The port over the scripts of `lua/`.
import { inventoryKeys } from '../../shared/keys.ts';
import { type OrderIdParts, parseOrderId } from '../../shared/order-id.ts';
import { readKnownOrder } from '../orders/known-order.ts';
import type { PackedOrder } from '../orders/packed-order.ts';
import { luaScript } from '../redis/lua.ts';
import type { Script } from '../redis/script.ts';
import type { ActivityRow } from '../store/store.ts';
import { type Asked, type AskOptions, ask, ready } from './ask.ts';
import { due, liftLapses } from './due.ts';
import type { Inventory, OrderRef, RecoverAnswer, Recovery, Unready } from './inventory.ts';
import { orderKeys, stockKeys } from './stock-keys.ts';

export interface LuaInventoryOptions extends AskOptions {
  readonly userKey: (userId: string) => string;
}

export function createInventory(options: LuaInventoryOptions): Inventory {
  const scripts = {
    release: luaScript('release'),
    settle: luaScript('settle'),
    void: luaScript('void'),
    adjust: luaScript('adjust'),
    recover: luaScript('recover'),
  };
  return {
    async release(order, { reason, countsAsLapse }) {
      const from = reason === 'EXPIRED' || reason === 'CANCELLED_BY_BUYER' ? 'PENDING' : 'PAID';
      const args = [from, reason, countsAsLapse ? 1 : 0];
      return only(await change(options, scripts.release, order, args), [
        'released',
        'known',
        'unknown',
      ]);
    },
    async settle(order) {
      return only(await change(options, scripts.settle, order, []), [
        'settled',
        'known',
        'unknown',
      ]);
    },
    async void(order, reason) {
      const from = reason === 'OVERSOLD_GUARD' ? ['PENDING', 'PAID'] : ['PAID'];
      return only(await change(options, scripts.void, order, [reason, ...from]), [
        'voided',
        'known',
        'unknown',
      ]);
    },
    async adjust(activityId, wantedTotal) {
      const at = await ready(options, activityId);
      if (at.kind !== 'ready') return at;
      const { activity } = at;
      const keys = stockKeys(activity.skuId).slice(0, ADJUST_KEYS);
      const call = { script: scripts.adjust, activity };
      const answer = await ask(options, call, { keys, args: [wantedTotal] });
      return only(answer, ['adjusted', 'below-sold']);
    },
    remindOfPaid: (row) => remindOfPaid(options, row),
    recover: (order) => recover(options, scripts.recover, order),
    due: (activityId, until) => due(options, activityId, until),
    liftLapses: (activityId, userId) => liftLapses(options, activityId, userId),
  };
}

/** Of the stock's keys: activity, stock, sold, seq, outbox. */
const ADJUST_KEYS = 5;

type OneOf<Kind extends Asked['kind']> = Extract<Asked, { kind: Kind }> | Unready;
const UNREADY: readonly string[] = ['fenced', 'not-loaded', 'away', 'ambiguous'];

/** The answer, of the kinds that its script gives. */
function only<Kind extends Asked['kind']>(answer: Asked, kinds: readonly Kind[]): OneOf<Kind> {
  const isOne = (one: Asked): one is OneOf<Kind> =>
    UNREADY.includes(one.kind) || kinds.some((kind) => kind === one.kind);
  if (isOne(answer)) return answer;
  throw new Error(`a script answered ${answer.kind}, not one of ${kinds.join(', ')}`);
}

/** Runs a script about one order, which Redis itself knows the user of. */
async function change(
  options: LuaInventoryOptions,
  script: Script,
  { activityId, orderId, userId: known }: OrderRef,
  args: readonly (string | number)[],
): Promise<Asked> {
  const at = await ready(options, activityId);
  if (at.kind !== 'ready') return at;
  const { activity } = at;
  const parts = partsOf(activity, orderId);
  if (parts === undefined) return { kind: 'unknown' };
  let userId: string;
  try {
    // Of an order that Redis does not know the script tells whether it may say so.
    userId = known ?? (await readKnownOrder(options.link, parts))?.order.userId ?? '';
  } catch (error) {
    options.onError(error);
    return { kind: 'away' };
  }
  const keys = keysOf(options, parts, userId);
  const all = [parts.ulid, userId, ...args];
  return await ask(options, { script, activity }, { keys, args: all });
}

/** As long as whoever reminds needs it; the row tells behind that. */
const REMINDED_SECONDS = 86_400;

async function remindOfPaid(
  options: LuaInventoryOptions,
  row: OrderRef & PackedOrder,
): Promise<{ readonly kind: 'reminded' } | Unready> {
  const at = await ready(options, row.activityId);
  if (at.kind !== 'ready') return at;
  const parts = partsOf(at.activity, row.orderId);
  if (parts === undefined) throw new Error(`${row.orderId} is no order of ${at.activity.skuId}`);
  const { redis } = options.link;
  try {
    // Facts outlive the status.
    await redis.set(inventoryKeys.orderStatus(parts), 'PAID', 'EX', REMINDED_SECONDS, 'NX');
    return { kind: 'reminded' };
  } catch (error) {
    options.onError(error);
    return { kind: 'ambiguous' };
  }
}

async function recover(
  options: LuaInventoryOptions,
  script: Script,
  { activityId, orderId, userId, quantity, createdAt, epoch, as }: Recovery,
): Promise<RecoverAnswer | Unready> {
  const at = await ready(options, activityId);
  if (at.kind !== 'ready') return at;
  const { activity } = at;
  const parts = partsOf(activity, orderId);
  if (parts === undefined) throw new Error(`${orderId} is no order of ${activity.skuId}`);
  const keys = keysOf(options, parts, userId);
  const args = [parts.ulid, userId, as, quantity, createdAt, epoch];
  const answer = await ask(options, { script, activity }, { keys, args });
  if (answer.kind !== 'refused') return only(answer, ['recovered', 'lost', 'known']);
  const { why, order } = answer;
  // Only what is asked for as PENDING can be late, and that is not refused.
  if (why === 'late') throw new Error('a script refused a payment as late');
  return { kind: 'known', status: 'CANCELLED', order, refused: why };
}

function partsOf({ skuId }: ActivityRow, orderId: string): OrderIdParts | undefined {
  const parts = parseOrderId(orderId);
  return parts?.skuId === skuId ? parts : undefined;
}

const keysOf = ({ userKey }: LuaInventoryOptions, parts: OrderIdParts, userId: string) => [
  ...stockKeys(parts.skuId),
  ...orderKeys(parts, userKey(userId)),
];
