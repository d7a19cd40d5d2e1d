// What the page remembers between visits: who is signed in, the ticket and the orders of a sale.

export interface Session {
  readonly userId: string;
  readonly token: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const SESSION = 'session';
const SESSION_PARTS = 3;

export function rememberSession({ userId, token, expiresAt }: Session): void {
  localStorage.setItem(SESSION, [userId, token, expiresAt].join('\n'));
}

/** The session, unless there is none or it has run out. */
export function rememberedSession(): Session | undefined {
  const parts = (localStorage.getItem(SESSION) ?? '').split('\n');
  const [userId = '', token = '', expiry] = parts;
  if (parts.length !== SESSION_PARTS || !(Number(expiry) > Date.now())) return undefined;
  return { userId, token, expiresAt: Number(expiry) };
}

export function forgetSession(): void {
  localStorage.removeItem(SESSION);
}

/** Something of one user in one sale. */
export interface Keepsake {
  /** `again` is the order that a purchase under way follows. */
  readonly kind: 'ticket' | 'orders' | 'again';
  readonly skuId: string;
  readonly userId: string;
}

const nameOf = ({ kind, skuId, userId }: Keepsake) => `${kind}/${skuId}/${userId}`;

export function remember(what: Keepsake, text: string): void {
  localStorage.setItem(nameOf(what), text);
}

export function remembered(what: Keepsake): string | undefined {
  return localStorage.getItem(nameOf(what)) ?? undefined;
}

export function forget(what: Keepsake): void {
  localStorage.removeItem(nameOf(what));
}

type OfSale = Omit<Keepsake, 'kind'>;

/** The newest comes last. */
export function rememberOrder(sale: OfSale, orderId: string): void {
  const others = rememberedOrders(sale).filter((other) => other !== orderId);
  remember({ ...sale, kind: 'orders' }, [...others, orderId].join(' '));
}

export function rememberedOrders(sale: OfSale): string[] {
  const text = remembered({ ...sale, kind: 'orders' }) ?? '';
  return text === '' ? [] : text.split(' ');
}

/** Proof that this device has been looked at, for one user. */
export interface KeptDevice {
  readonly deviceToken: string;
  /** Epoch ms. */
  readonly expiresAt: number;
}

const deviceNameOf = (userId: string) => `device/${userId}`;

export function rememberDevice(userId: string, { deviceToken, expiresAt }: KeptDevice): void {
  localStorage.setItem(deviceNameOf(userId), `${deviceToken}\n${expiresAt}`);
}

export function rememberedDevice(userId: string): string | undefined {
  const [deviceToken = '', expiry] = (localStorage.getItem(deviceNameOf(userId)) ?? '').split('\n');
  return Number(expiry) > Date.now() ? deviceToken : undefined;
}

export function forgetDevice(userId: string): void {
  localStorage.removeItem(deviceNameOf(userId));
}
