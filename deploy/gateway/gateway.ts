// A payment gateway for a machine of one's own: the page behind payment links, the calls of
// `origin/payments/README.md`, and failures on demand.
import { timingSafeEqual } from 'node:crypto';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import * as v from 'valibot';
import { SESSIONS_PER_CALL } from '../../origin/payments/gateway.ts';
import { readPayLink } from '../../origin/payments/link.ts';
import { parseOrderId } from '../../shared/order-id.ts';
import { type CallbackSender, createCallbackSender } from './callbacks.ts';
import { notePage, PAGE_HEADERS, payPage } from './page.ts';
import { type OpenOrder, Sessions } from './sessions.ts';
import { NO_FAILURE, type Switches, switchesSchema } from './switches.ts';

export interface GatewayOptions {
  /** What the origin knows as PAYMENT_GATEWAY_SECRET. */
  readonly secret: string;
  /** What the origin knows as WEBHOOK_SECRET. */
  readonly webhookSecrets: string;
  readonly shopUrl: string;
  /** Where what happened is kept; without it in memory. */
  readonly file?: string;
}

const sessionsBody = v.object({
  orderIds: v.pipe(v.array(v.string()), v.maxLength(SESSIONS_PER_CALL)),
});
const refundBody = v.object({ paymentId: v.string(), orderId: v.string() });

export function createGateway(options: GatewayOptions): FastifyInstance {
  const { secret, shopUrl } = options;
  let switches: Switches = NO_FAILURE;
  const sessions = new Sessions(options.file);
  const sender = createCallbackSender({
    ...{ sessions, shopUrl, secrets: options.webhookSecrets },
    switches: () => switches,
  });
  const app = fastify({ logger: false });
  const form = { parseAs: 'string' } as const;
  app.addContentTypeParser('application/x-www-form-urlencoded', form, (_request, body, done) =>
    done(null, String(body)),
  );
  app.addHook('onClose', () => sender.close());
  app.addHook('onReady', async () => {
    for (const callback of sessions.callbacks()) sender.send(callback);
  });
  app.get('/health', async () => ({ status: 'UP' }));
  registerPages(app, { secret, shopUrl, sessions, sender });

  app.addHook('onRequest', async (request, reply) => {
    if (!isCall(request.url)) return undefined;
    if (!isBearer(request, secret)) return reply.code(401).send({ error: 'unauthenticated' });
    const isAway = switches.away && !request.url.startsWith('/switches');
    return isAway ? reply.code(503).send({ error: 'away' }) : undefined;
  });
  app.get('/switches', async () => switches);
  app.put('/switches', async (request) => {
    switches = v.parse(switchesSchema, request.body);
    // What was dropped until now is sent.
    if (!switches.dropCallbacks) for (const one of sessions.callbacks()) sender.send(one);
    return switches;
  });
  app.post('/sessions/close', async (request) => {
    const { orderIds } = v.parse(sessionsBody, request.body);
    for (const orderId of orderIds) sessions.close(orderId);
    return { sessions: orderIds.map((orderId) => sessionView(sessions, orderId)) };
  });
  app.post('/sessions/read', async (request) => {
    const { orderIds } = v.parse(sessionsBody, request.body);
    return { sessions: orderIds.map((orderId) => sessionView(sessions, orderId)) };
  });
  app.post('/refunds', async (request) => {
    // Payments that were told by hand are not in these books; they count as given back too.
    const { orderId, paymentId } = v.parse(refundBody, request.body);
    sessions.refund(orderId, paymentId);
    return { state: 'refunded' };
  });
  return app;
}

const isCall = (url: string): boolean => /^\/(sessions|refunds|switches)/.test(url);

function isBearer({ headers }: FastifyRequest, secret: string): boolean {
  const given = Buffer.from(headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${secret}`);
  return given.length === expected.length && timingSafeEqual(given, expected);
}

function sessionView(sessions: Sessions, orderId: string) {
  const { state, order, payments } = sessions.of(orderId);
  const kept = payments.filter(({ isRefunded }) => !isRefunded);
  return {
    orderId,
    state,
    ...(order && { reference: order.reference }),
    payments: kept.map(({ paymentId, amount, currency, paidAt }) => ({
      ...{ paymentId, amount, currency, paidAt: new Date(paidAt).toISOString() },
    })),
  };
}

interface PageParts {
  readonly secret: string;
  readonly shopUrl: string;
  readonly sessions: Sessions;
  readonly sender: CallbackSender;
}

function registerPages(app: FastifyInstance, parts: PageParts): void {
  const { sessions, sender } = parts;
  const page = (reply: FastifyReply, status: number, html: string) =>
    reply.code(status).headers(PAGE_HEADERS).send(html);

  app.get('/pay', async (request, reply) => {
    const order = orderOf(request, parts);
    if (order === undefined) return page(reply, 400, notePage('This link is not one of ours.'));
    if (Date.now() <= order.payBy) sessions.open(order);
    const { state, payments } = sessions.of(order.orderId);
    const back = saleUrl(parts, order);
    if (payments.length > 0) return page(reply, 200, notePage('This order is paid.', back));
    const isOver = state !== 'open' || Date.now() > order.payBy;
    if (isOver) return page(reply, 410, notePage('This order cannot be paid any more.', back));
    return page(reply, 200, payPage(order));
  });
  app.post('/pay', async (request, reply) => {
    const order = orderOf(request, parts);
    if (order === undefined) return page(reply, 400, notePage('This link is not one of ours.'));
    const decision = new URLSearchParams(String(request.body ?? '')).get('decision');
    if (decision === 'pay' && Date.now() <= order.payBy) sessions.open(order);
    const kind = decision === 'pay' ? 'paid' : 'declined';
    const callback = sessions.decide(order.orderId, kind, Date.now());
    const back = saleUrl(parts, order);
    if (callback === undefined) {
      return page(reply, 409, notePage('This order cannot be paid any more.', back));
    }
    sender.send(callback);
    return reply.code(303).header('location', back).send();
  });
}

function orderOf({ url }: FastifyRequest, { secret }: PageParts): OpenOrder | undefined {
  return readPayLink(new URL(url, 'http://gateway').searchParams, secret);
}

function saleUrl({ shopUrl }: PageParts, { orderId }: OpenOrder): string {
  return `${shopUrl}/sale/${parseOrderId(orderId)?.skuId ?? ''}`;
}
