// The Worker as a test sees it: a fresh isolate's memory, a sale of its own, and buyers.
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test';
import { SignJWT } from 'jose';
import { inject } from 'vitest';
import type { Ticket } from '../../shared/ticket.ts';
import { createDeviceTokens, type DeviceToken } from '../device/device-token.ts';
import { createFactNames } from '../facts/fact-names.ts';
import { createUserHash } from '../identity/user-key.ts';
import { createTickets } from '../ticket/ticket.ts';
import worker from '../worker.ts';
import type { RedisMode } from './provided.ts';

const { redisUrl, redisToken, originUrl, signatureKey } = inject('surroundings');

export const SECRETS = {
  JWT_SECRET: 'a-secret-of-tokens-in-tests-32-bytes',
  TICKET_SECRET: 'a-secret-of-tickets-in-tests',
  USER_KEY_SECRET: 'a-secret-of-user-keys-in-tests',
  DEVICE_SECRET: 'a-secret-of-devices-in-tests',
};

/** A word that no other test uses. */
export const fresh = (word: string): string =>
  `${word}_${crypto.randomUUID().replaceAll('-', '').slice(0, 16)}`;

/** An address of a network of its own. */
export function freshAddress(): string {
  const [a = 0, b = 0, c = 0] = crypto.getRandomValues(new Uint8Array(3));
  return `10.${a}.${b}.${c}`;
}

export interface Shop {
  fetch(path: string, init?: RequestInit<IncomingRequestCfProperties>): Promise<Response>;
  /** What the Worker asked of Redis so far, one list of commands for each HTTP request. */
  asked(): Promise<string[][]>;
  setRedis(mode: RedisMode): Promise<void>;
}

/** A Worker that remembers nothing yet; `bindings` replace those of the tests. */
export function openShop(bindings: Readonly<Record<string, unknown>> = {}): Shop {
  const name = fresh('shop');
  const base = `${redisUrl}/${name}`;
  const env = {
    PROFILE: 'testing',
    REDIS_REST_URL: base,
    REDIS_REST_TOKEN: redisToken,
    ORIGIN_FALLBACK: originUrl,
    ORIGIN_SUFFIX: 'shop.example',
    EDGE_SIGNATURE_KEY: signatureKey,
    ...SECRETS,
    ...bindings,
  };
  return {
    async fetch(path, init) {
      const context = createExecutionContext();
      const request = new Request<unknown, IncomingRequestCfProperties>(
        new URL(path, 'https://shop.example'),
        init,
      );
      const response = await worker.fetch(request, env, context);
      await waitOnExecutionContext(context);
      return response;
    },
    asked: async () => (await fetch(`${base}/requests`)).json(),
    async setRedis(mode) {
      await fetch(`${base}/mode`, { method: 'POST', body: mode });
    },
  };
}

/** Runs one command at the tests' Redis, past what is counted. */
export async function redis(...command: (string | number)[]): Promise<unknown> {
  const response = await fetch(`${redisUrl}/aside/`, {
    method: 'POST',
    headers: { authorization: `Bearer ${redisToken}` },
    body: JSON.stringify(command),
  });
  const { result, error }: { result?: unknown; error?: string } = await response.json();
  if (error !== undefined) throw new Error(error);
  return result;
}

export async function tokenOf(
  userId: string,
  claims: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  return new SignJWT({ ...claims })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(userId)
    .setExpirationTime('1h')
    .sign(new TextEncoder().encode(SECRETS.JWT_SECRET));
}

/** A device token as this shop would seal it; of a device of its own, unless told otherwise. */
export async function deviceTokenOf(
  userId: string,
  changes: Partial<DeviceToken> = {},
): Promise<string> {
  const user = await createFactNames(SECRETS.DEVICE_SECRET).user(userId);
  return createDeviceTokens(SECRETS.DEVICE_SECRET).seal({
    user,
    names: { device: fresh('device'), hardware: fresh('hardware') },
    score: 0,
    hits: [],
    level: 'ordinary',
    likeness: 'own',
    hasDevice: true,
    hasInput: true,
    issuedAt: Date.now(),
    expiresAt: Date.now() + 60_000,
    ...changes,
  });
}

export interface Buyer {
  readonly userId: string;
  /** Posts a purchase from an address of the buyer's own. */
  buy(shop: Shop, skuId: string, body?: Readonly<Record<string, unknown>>): Promise<Response>;
}

export async function newBuyer(userId = fresh('user'), address = freshAddress()): Promise<Buyer> {
  const token = await tokenOf(userId);
  const deviceToken = await deviceTokenOf(userId);
  return {
    userId,
    buy: (shop, skuId, body) =>
      shop.fetch(`/api/seckill/${skuId}`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${token}`,
          'x-device-token': deviceToken,
          'cf-connecting-ip': address,
          'content-type': 'application/json',
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      }),
  };
}

/** A ticket as this shop would sign it. */
export async function ticketOf(
  userId: string,
  place: Omit<Ticket, 'userHash' | 'entry'> & Partial<Pick<Ticket, 'entry'>>,
): Promise<string> {
  const { activityId } = place;
  const userHash = await createUserHash(SECRETS.TICKET_SECRET)({ userId, activityId });
  return createTickets(SECRETS.TICKET_SECRET).sign({ entry: null, ...place, userHash });
}
