// The calls that the page makes. None of them throws: no network is an answer too.
import * as v from 'valibot';
import {
  type Challenge,
  challengeSchema,
  deviceTokenSchema,
  type Order,
  orderSchema,
  type Place,
  placeSchema,
  problemSchema,
  type Refused,
  type Sale,
  saleSchema,
  tokenSchema,
} from './answers.ts';
import type { Device } from './device/collect-device.ts';
import type { InputSummary } from './device/watch-input.ts';

const ANSWERS_WITHIN_MS = 10_000;
const NO_ANSWER_RETRY_SECONDS = 2;

/** Signed by the edge when it served this page: since when it has been open. */
const pageToken = document.querySelector<HTMLMetaElement>('meta[name="page-token"]')?.content ?? '';

export type SaleAnswer = { readonly kind: 'sale'; readonly sale: Sale } | Refused;
export type OrderAnswer = { readonly kind: 'order'; readonly order: Order } | Refused;
export type PlaceAnswer = { readonly kind: 'place'; readonly place: Place } | Refused;
export type PurchaseAnswer = OrderAnswer | PlaceAnswer;
export type TokenAnswer =
  | { readonly kind: 'token'; readonly token: string; readonly expiresAt: number }
  | Refused;

export type ChallengeAnswer =
  | { readonly kind: 'challenge'; readonly challenge: Challenge }
  | Refused;
export type DeviceTokenAnswer =
  | { readonly kind: 'device-token'; readonly deviceToken: string; readonly expiresAt: number }
  | Refused;

interface Call {
  readonly path: string;
  readonly token?: string;
  /** Sent as JSON by POST; without one the call is a GET. */
  readonly body?: object;
  readonly deviceToken?: string | undefined;
}

export async function findSale(skuId: string): Promise<SaleAnswer> {
  const answer = await send({ path: `/api/sales/${skuId}` });
  if (answer.kind === 'refused') return answer;
  const { success, output } = v.safeParse(saleSchema, answer.body);
  return success ? { kind: 'sale', sale: output } : noAnswer();
}

/** One purchase; sent again with the ticket of an earlier answer it changes nothing. */
export async function purchase(order: {
  skuId: string;
  token: string;
  deviceToken: string | undefined;
  ticket: string | undefined;
  /** The order that this one follows. */
  again: string | undefined;
}): Promise<PurchaseAnswer> {
  const { skuId, token, deviceToken, ticket, again } = order;
  const body = { ...(ticket && { ticket }), ...(again && { again }) };
  const answer = await send({ path: `/api/seckill/${skuId}`, token, deviceToken, body });
  if (answer.kind === 'refused') return answer;
  return answer.status === 201 ? orderIn(answer.body) : placeIn(answer.body);
}

export async function findPlace(ticket: string): Promise<PlaceAnswer> {
  const answer = await send({ path: `/api/seckill/queue/${encodeURIComponent(ticket)}` });
  return answer.kind === 'refused' ? answer : placeIn(answer.body);
}

export async function findOrder(order: { orderId: string; token: string }): Promise<OrderAnswer> {
  const answer = await send({ path: `/api/seckill/status/${order.orderId}`, token: order.token });
  return answer.kind === 'refused' ? answer : orderIn(answer.body);
}

/** Gives the unit back to the line; repeated it changes nothing. */
export async function cancelOrder(order: { orderId: string; token: string }): Promise<OrderAnswer> {
  const path = `/api/orders/${order.orderId}/cancel`;
  const answer = await send({ path, token: order.token, body: {} });
  return answer.kind === 'refused' ? answer : orderIn(answer.body);
}

/** For an order that nobody knows any more; repeated it changes nothing. */
export async function showReceipt(shown: { receipt: string; token: string }): Promise<OrderAnswer> {
  const { receipt, token } = shown;
  const answer = await send({ path: '/api/receipts', token, body: { receipt } });
  return answer.kind === 'refused' ? answer : orderIn(answer.body);
}

export async function findChallenge(token: string): Promise<ChallengeAnswer> {
  const answer = await send({ path: '/api/challenge', token });
  if (answer.kind === 'refused') return answer;
  const { success, output } = v.safeParse(challengeSchema, answer.body);
  return success ? { kind: 'challenge', challenge: output } : noAnswer();
}

/** Shows a solved challenge, and the device as far as it shows itself. */
export async function showDevice(
  token: string,
  body: { proof: string; device?: Device; input: InputSummary },
): Promise<DeviceTokenAnswer> {
  const answer = await send({ path: '/api/device', token, body });
  if (answer.kind === 'refused') return answer;
  const { success, output } = v.safeParse(deviceTokenSchema, answer.body);
  return success ? { kind: 'device-token', ...output } : noAnswer();
}

export async function signInAs(userId: string): Promise<TokenAnswer> {
  const answer = await send({ path: '/api/dev/token', body: { userId } });
  if (answer.kind === 'refused') return answer;
  const { success, output } = v.safeParse(tokenSchema, answer.body);
  return success ? { kind: 'token', ...output } : noAnswer();
}

function orderIn(body: unknown): OrderAnswer {
  const { success, output } = v.safeParse(orderSchema, body);
  return success ? { kind: 'order', order: output } : noAnswer();
}

function placeIn(body: unknown): PlaceAnswer {
  const { success, output } = v.safeParse(placeSchema, body);
  return success ? { kind: 'place', place: output } : noAnswer();
}

async function send(
  call: Call,
): Promise<{ kind: 'body'; status: number; body: unknown } | Refused> {
  const headers = new Headers();
  if (call.token !== undefined) headers.set('authorization', `Bearer ${call.token}`);
  if (call.body !== undefined) headers.set('content-type', 'application/json');
  if (call.deviceToken !== undefined) headers.set('x-device-token', call.deviceToken);
  if (call.body !== undefined && pageToken !== '') headers.set('x-page-token', pageToken);
  try {
    const response = await fetch(call.path, {
      method: call.body === undefined ? 'GET' : 'POST',
      headers,
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
    });
    const body: unknown = await response.json();
    return response.ok ? { kind: 'body', status: response.status, body } : refused(response, body);
  } catch {
    return noAnswer();
  }
}

function refused(response: Response, body: unknown): Refused {
  const { success, output } = v.safeParse(problemSchema, body);
  if (!success) return noAnswer();
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return {
    kind: 'refused',
    slug: output.type.replace('/problems/', ''),
    problem: output,
    retryAfterSeconds: Number.isFinite(seconds) ? seconds : undefined,
  };
}

function noAnswer(): Refused {
  const problem = { type: '/problems/no-answer', detail: '' };
  const retryAfterSeconds = NO_ANSWER_RETRY_SECONDS;
  return { kind: 'refused', slug: 'no-answer', problem, retryAfterSeconds };
}
