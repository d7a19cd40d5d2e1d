// A payment gateway behind HTTP: the adapter that an operator puts before the payment provider of
// their choice, or the local gateway. The form of the calls stands in README.md.
import * as v from 'valibot';
import {
  type GatewaySession,
  type PaymentGateway,
  SESSIONS_PER_CALL,
  type SessionsAnswer,
} from './gateway.ts';
import { payLink } from './link.ts';

export interface HttpGatewayOptions {
  /** Where the origin calls it. */
  readonly url: string;
  /** Where buyers reach it. */
  readonly publicUrl: string;
  readonly secret: string;
  /** Hears of each call without a usable answer. */
  readonly onAway: (error: unknown) => void;
}

const SESSIONS_TIMEOUT_MS = 2_000;
const REFUND_TIMEOUT_MS = 5_000;
const MAX_ANSWER_BYTES = 1024 * 1024;

const count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const moment = v.pipe(
  v.string(),
  v.isoTimestamp(),
  v.transform((text) => Date.parse(text)),
);
const sessionsSchema = v.object({
  sessions: v.array(
    v.object({
      orderId: v.string(),
      state: v.picklist(['none', 'open', 'closed']),
      reference: v.optional(v.string()),
      payments: v.array(
        v.object({
          paymentId: v.pipe(v.string(), v.minLength(1), v.maxLength(128)),
          amount: count,
          currency: v.string(),
          paidAt: moment,
        }),
      ),
    }),
  ),
});
const refundSchema = v.object({ state: v.picklist(['refunded', 'under-way']) });

export function createHttpGateway(options: HttpGatewayOptions): PaymentGateway {
  const { publicUrl, secret, onAway } = options;

  async function ask<Schema extends v.GenericSchema>(
    path: string,
    body: unknown,
    { schema, timeoutMs }: { readonly schema: Schema; readonly timeoutMs: number },
  ): Promise<v.InferOutput<Schema> | 'away'> {
    try {
      const response = await fetch(`${options.url}${path}`, {
        method: 'POST',
        redirect: 'error',
        signal: AbortSignal.timeout(timeoutMs),
        headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`the gateway answered ${response.status}`);
      if (text.length > MAX_ANSWER_BYTES) throw new Error('the gateway answered too much');
      return v.parse(schema, JSON.parse(text));
    } catch (error) {
      onAway(error);
      return 'away';
    }
  }

  async function sessions(path: string, orderIds: readonly string[]): Promise<SessionsAnswer> {
    if (orderIds.length > SESSIONS_PER_CALL) {
      throw new RangeError(`at most ${SESSIONS_PER_CALL} sessions in a call`);
    }
    const how = { schema: sessionsSchema, timeoutMs: SESSIONS_TIMEOUT_MS };
    const answer = await ask(path, { orderIds }, how);
    if (answer === 'away') return { kind: 'away' };
    const found = answer.sessions.map((session): [string, GatewaySession] => [
      session.orderId,
      { ...session, reference: session.reference },
    ]);
    const byOrder = new Map(found);
    if (orderIds.some((orderId) => !byOrder.has(orderId))) {
      onAway(new Error('the gateway left out sessions'));
      return { kind: 'away' };
    }
    return { kind: 'sessions', sessions: byOrder };
  }

  return {
    linkTo: (order) => payLink(publicUrl, order, secret),
    closeSessions: (orderIds) => sessions('/sessions/close', orderIds),
    readSessions: (orderIds) => sessions('/sessions/read', orderIds),
    async refund(payment) {
      const how = { schema: refundSchema, timeoutMs: REFUND_TIMEOUT_MS };
      const answer = await ask('/refunds', payment, how);
      return answer === 'away' ? 'away' : answer.state;
    },
  };
}
