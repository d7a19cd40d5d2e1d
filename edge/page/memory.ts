// What the page remembers between visits: who is signed in, the ticket and the orders of a sale.
import { serverNow } from './server-clock.ts';
import { store } from './store.ts';

export interface Session {
  readonly userId: string;
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const SESSION = 'session';
const SESSION_PARTS = 3;
/** Limits per person end at 100; cancelled ones count here too. */
const MOST_ORDERS = 200;

export function rememberSession({ userId, token, expiresAt }: Session): void {
  store.setItem(SESSION, [userId, token, expiresAt].join('\n'));
}

/** The session, unless there is none or, by the server's clock, it has run out. */
export function rememberedSession(): Session | undefined {
  const session = keptSession();
  return session !== undefined && session.expiresAt > serverNow() ? session : undefined;
}

/** The session as it was kept, while nobody knows yet what time it is. */
export function keptSession(): Session | undefined {
  const parts = (store.getItem(SESSION) ?? '').split('\n');
  const [userId = '', token = '', expiry] = parts;
  if (parts.length !== SESSION_PARTS) return undefined;
  return { userId, token, expiresAt: Number(expiry) };
}

export function forgetSession(): void {
  store.removeItem(SESSION);
}

/** Something of one user in one sale. */
export interface Keepsake {
  /**
   * `again` is the order that a purchase under way follows; `ahead` the first position in line, from
   * which progress is counted; `entry` what proves a draw entry.
   */
  readonly kind: 'ticket' | 'orders' | 'again' | 'ahead' | 'entry';
  readonly skuId: string;
  readonly userId: string;
}

const nameOf = ({ kind, skuId, userId }: Keepsake) => `${kind}/${skuId}/${userId}`;

/** Whether another tab has changed something of this buyer in this sale; `name` as `storage` has it. */
export function isOf(sale: OfSale, name: string | null): boolean {
  return (
    name === nameOf({ ...sale, kind: 'ticket' }) || name === nameOf({ ...sale, kind: 'orders' })
  );
}

export const isSession = (name: string | null): boolean => name === SESSION;

export function remember(what: Keepsake, text: string): void {
  store.setItem(nameOf(what), text);
}

export function remembered(what: Keepsake): string | undefined {
  return store.getItem(nameOf(what)) ?? undefined;
}

export function forget(what: Keepsake): void {
  store.removeItem(nameOf(what));
}

type OfSale = Omit<Keepsake, 'kind'>;

/** Order ids grow with time. */
export function rememberOrders(sale: OfSale, orderIds: readonly string[]): void {
  const all = new Set([...rememberedOrders(sale), ...orderIds]);
  const text = [...all].toSorted().slice(-MOST_ORDERS).join(' ');
  // Other tabs hear of each writing, so only of what is new.
  if (text !== remembered({ ...sale, kind: 'orders' })) remember({ ...sale, kind: 'orders' }, text);
}

/** The newest comes last. */
export function rememberedOrders(sale: OfSale): string[] {
  const text = remembered({ ...sale, kind: 'orders' }) ?? '';
  return text === '' ? [] : text.split(' ');
}

/** An order that is over, and that another one follows now. */
export function forgetOrder(sale: OfSale, orderId: string): void {
  const others = rememberedOrders(sale).filter((other) => other !== orderId);
  remember({ ...sale, kind: 'orders' }, others.join(' '));
}

/** For an order that a failure has lost: what proves it. */
export function rememberReceipt(orderId: string, receipt: string): void {
  store.setItem(`receipt/${orderId}`, receipt);
}

export function rememberedReceipt(orderId: string): string | undefined {
  return store.getItem(`receipt/${orderId}`) ?? undefined;
}

/** Proof that this device has been looked at, for one user. */
export interface KeptDevice {
  readonly deviceToken: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const deviceNameOf = (userId: string) => `device/${userId}`;

export function rememberDevice(userId: string, { deviceToken, expiresAt }: KeptDevice): void {
  store.setItem(deviceNameOf(userId), `${deviceToken}\n${expiresAt}`);
}

export function rememberedDevice(userId: string): string | undefined {
  const [deviceToken = '', expiry] = (store.getItem(deviceNameOf(userId)) ?? '').split('\n');
  return Number(expiry) > serverNow() ? deviceToken : undefined;
}

export function forgetDevice(userId: string): void {
  store.removeItem(deviceNameOf(userId));
}
