// The routes of activities on the real application and a real database, called as the edge or an
// administrator would.

import { EDGE_HEADERS, type EdgeClaims } from '../../../shared/edge-signature.ts';
import type { EditsInRedis } from '../../activities/edit.ts';
import { registerActivityRoutes } from '../../activities/routes.ts';
import { createApp } from '../../app.ts';
import { openStore } from '../../store/open-store.ts';
import type { ActivityRow, Store } from '../../store/store.ts';
import { newSkuId, sqliteTarget } from '../store/stores.ts';

export const ADMIN: EdgeClaims = { sub: 'ada', role: 'admin' };

export interface ActivityApi {
  readonly created: readonly ActivityRow[];
  post(body: string | Buffer | object, claims?: EdgeClaims): Promise<Answer>;
  send(call: Send, claims?: EdgeClaims): Promise<Answer>;
  get(path: string, headers?: Record<string, string>, claims?: EdgeClaims): Promise<Answer>;
  close(): Promise<void>;
}

export interface Send {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  /** Behind `/api/activities`. */
  readonly path: string;
  readonly body?: object;
  readonly ifMatch?: string;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Record<string, unknown>;
}

/** For activities that are in no Redis yet. */
const NOT_LOADED: EditsInRedis = {
  soldOf: async (row) => row.applied.sold,
  hasEntries: async (row) => (row.drawFacts?.entries ?? 0) > 0,
  carry: async () => ({ kind: 'kept' }),
};

export async function openActivityApi(
  store?: Store,
  rest: { readonly redis: EditsInRedis; readonly now?: () => number } = { redis: NOT_LOADED },
): Promise<ActivityApi> {
  const opened = store ?? (await openStore(sqliteTarget()));
  const created: ActivityRow[] = [];
  const app = createApp({
    signature: {
      checkSignature: () => ({ kind: 'unsigned' }),
      checkToken: async () => ({ kind: 'invalid' }),
      allowUnsigned: true,
      onRefused: () => undefined,
    },
    routes: (routes) => {
      registerActivityRoutes(routes, {
        ...rest,
        store: opened,
        onChanged: (row) => created.push(row),
      });
    },
    onSurprise(error) {
      throw error;
    },
  });
  const claimed = (claims: EdgeClaims) => ({
    [EDGE_HEADERS.claims]: Buffer.from(JSON.stringify(claims)).toString('base64url'),
  });
  type Response = Awaited<ReturnType<typeof app.inject>>;
  const answer = (response: Response): Answer => ({
    status: response.statusCode,
    headers: response.headers,
    body: response.body === '' ? {} : response.json(),
  });
  return {
    created,
    async post(body, claims = ADMIN) {
      const isText = typeof body === 'string' || Buffer.isBuffer(body);
      const headers = { ...claimed(claims), 'content-type': 'application/json' };
      const payload = isText ? body : JSON.stringify(body);
      return answer(await app.inject({ method: 'POST', url: '/api/activities', headers, payload }));
    },
    async get(path, headers = {}, claims = ADMIN) {
      const url = `/api/activities/${path}`;
      return answer(await app.inject({ url, headers: { ...claimed(claims), ...headers } }));
    },
    async send({ method, path, body, ifMatch }, claims = ADMIN) {
      const headers = {
        ...claimed(claims),
        ...(ifMatch === undefined ? {} : { 'if-match': ifMatch }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      };
      const payload = body === undefined ? {} : { payload: JSON.stringify(body) };
      return answer(
        await app.inject({ method, url: `/api/activities${path}`, headers, ...payload }),
      );
    },
    async close() {
      await app.close();
      await opened.close();
    },
  };
}

export const activityBody = (changes: Record<string, unknown> = {}) => ({
  skuId: newSkuId(),
  stock: 100,
  price: 2_500,
  startAt: '2030-01-01T12:00:00Z',
  endAt: '2030-01-01T13:00:00+00:00',
  ...changes,
});
