// An origin with a local payment gateway and a stand-in for the edge between them: what the gateway
// sends is signed and handed on, as the Worker does it.
import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { expect, inject, vi } from 'vitest';
import { createGateway } from '../../../deploy/gateway/gateway.ts';
import type { Switches } from '../../../deploy/gateway/switches.ts';
import {
  configOf,
  type EmbeddedOrigin,
  type Place,
  startEmbeddedOrigin,
} from '../reserve/embedded-origin.ts';
import { type Answer, sendSigned } from '../signature/signed-client.ts';

export const WEBHOOK_SECRET = 'whsec_dGhlLXNlY3JldC1vZi13ZWJob29rcy1pbi10ZXN0cw==';
export const GATEWAY_SECRET = 'the-secret-of-the-gateway-in-tests';
export const WITHIN = { timeout: 15_000, interval: 40 };

export interface Till {
  readonly origin: EmbeddedOrigin;
  readonly gatewayUrl: string;
  /** Callbacks that the gateway has sent so far. */
  readonly callbacks: () => number;
  switch(switches: Partial<Switches>): Promise<void>;
  close(): Promise<void>;
}

/** `changes`: settings of the origin besides those of the gateway. */
export async function openTill(
  changes: Readonly<Record<string, string>> = {},
  redis: Place = inject('services').redis,
): Promise<Till> {
  let originUrl = '';
  let callbacks = 0;
  const edge = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      callbacks += 1;
      const body = Buffer.concat(chunks).toString('utf8');
      void callback(originUrl, body, webhookHeaders(request.headers)).then(
        ({ status }) => response.writeHead(status).end(),
        () => response.writeHead(503).end(),
      );
    });
  });
  const shopUrl = await listen(edge);
  const gateway = createGateway({
    ...{ secret: GATEWAY_SECRET, webhookSecrets: WEBHOOK_SECRET, shopUrl },
  });
  const gatewayUrl = await gateway.listen({ host: '127.0.0.1', port: 0 });
  const origin = await startEmbeddedOrigin(
    redis,
    configOf(redis, { ...tillSettings(gatewayUrl), ...changes }),
  );
  originUrl = origin.url;
  return {
    ...{ origin, gatewayUrl, callbacks: () => callbacks },
    async switch(switches) {
      const answer = await fetch(`${gatewayUrl}/switches`, {
        method: 'PUT',
        headers: {
          authorization: `Bearer ${GATEWAY_SECRET}`,
          'content-type': 'application/json',
        },
        body: JSON.stringify(switches),
      });
      expect(answer.status).toBe(200);
    },
    async close() {
      await gateway.close();
      await new Promise((resolve) => edge.close(resolve));
      await origin.close();
    },
  };
}

export const tillSettings = (gatewayUrl: string) => ({
  ...{ PAYMENT_GATEWAY: gatewayUrl, PAYMENT_GATEWAY_SECRET: GATEWAY_SECRET, WEBHOOK_SECRET },
});

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address: AddressInfo | string | null = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

const webhookHeaders = (headers: NodeJS.Dict<string | string[]>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).filter(
      (pair): pair is [string, string] =>
        typeof pair[1] === 'string' && pair[0].startsWith('webhook-'),
    ),
  );

const callback = (origin: string, body: string, headers: Record<string, string>) =>
  sendSigned(origin, { method: 'POST', path: '/api/payments/callback', body, headers });

export interface Told {
  readonly orderId: unknown;
  readonly paymentId?: string;
  readonly amount?: unknown;
  readonly currency?: unknown;
  readonly type?: string;
  readonly paidAt?: number;
}

/** A callback made by hand: signed now, of a payment of 2,500 EUR cents unless told otherwise. */
export function tell(origin: string, told: Told, secret = WEBHOOK_SECRET): Promise<Answer> {
  const { type = 'payment.succeeded', paymentId = newPaymentId(), orderId, paidAt } = told;
  const { amount = 2_500, currency = 'EUR' } = told;
  const data = {
    ...{ paymentId, orderId, amount, currency },
    ...(paidAt === undefined ? {} : { paidAt: new Date(paidAt).toISOString() }),
  };
  const body = JSON.stringify({ type, timestamp: new Date().toISOString(), data });
  return callback(origin, body, signWebhook(body, { secret }));
}

export const newPaymentId = (): string => `pay_${randomUUID()}`;

export function signWebhook(
  body: string,
  { secret = WEBHOOK_SECRET, at = new Date() }: { secret?: string; at?: Date } = {},
): Record<string, string> {
  const id = `msg_${randomUUID()}`;
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign(id, at, body),
  };
}

/** The database's side of a payment. */
export async function untilPayment(
  { origin }: Pick<Till, 'origin'>,
  orderId: unknown,
  expected: Readonly<Record<string, unknown>>,
): Promise<void> {
  await vi.waitFor(async () => {
    const payments = await origin.rows.paymentsOfOrders([String(orderId)]);
    expect(payments).toContainEqual(expect.objectContaining(expected));
  }, WITHIN);
}
