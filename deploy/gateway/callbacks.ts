// Tells the shop of payments, signed as Standard Webhooks wants it, again and again until it is heard.
import { setTimeout as pause } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { Callback, Sessions } from './sessions.ts';
import type { Switches } from './switches.ts';

export interface CallbackSender {
  send(callback: Callback): void;
  close(): Promise<void>;
}

const TIMEOUT_MS = 10_000;
const FIRST_PAUSE_MS = 250;
const MOST_PAUSE_MS = 15_000;
const MAX_TRIES = 200;
/** Answers that another try does not change. */
const FINAL = [400, 413, 415, 422];

export function createCallbackSender(options: {
  readonly sessions: Sessions;
  /** Where the shop listens, without a path. */
  readonly shopUrl: string;
  /** `whsec_…`; of several the first signs. */
  readonly secrets: string;
  readonly switches: () => Switches;
}): CallbackSender {
  const { sessions, shopUrl, switches } = options;
  const webhook = new Webhook(options.secrets.split(' ')[0] ?? '');
  const closing = new AbortController();
  const sending = new Set<Promise<void>>();

  async function post(callback: Callback): Promise<number> {
    const { messageId, type, paymentId, orderId, currency, at } = callback;
    const amount = callback.amount + (switches().wrongAmount ? 1 : 0);
    const time = new Date(at).toISOString();
    const paidAt = type === 'payment.succeeded' ? { paidAt: time } : {};
    const data = { paymentId, orderId, amount, currency, ...paidAt };
    const body = JSON.stringify({ type, timestamp: time, data });
    const now = new Date();
    const answer = await fetch(`${shopUrl}/api/payments/callback`, {
      method: 'POST',
      signal: AbortSignal.any([closing.signal, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(now.getTime() / 1000)),
        'webhook-signature': webhook.sign(messageId, now, body),
      },
      body,
    });
    await answer.arrayBuffer();
    return answer.status;
  }

  async function tell(callback: Callback): Promise<void> {
    await wait(switches().delayCallbacksMs);
    for (let attempt = 0; attempt < MAX_TRIES && !closing.signal.aborted; attempt += 1) {
      const status = await post(callback).catch(() => 0);
      if (status === 204 || FINAL.includes(status)) {
        if (status !== 204) console.error(`the shop refused a callback: ${status}`);
        return sessions.told(callback);
      }
      await wait(Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(attempt, 16)));
    }
  }

  async function wait(ms: number): Promise<void> {
    if (ms <= 0) return;
    // An abort ends the wait, which is all that is wanted of it.
    await pause(ms, undefined, { signal: closing.signal, ref: false }).catch(String);
  }

  function track(work: Promise<void>): void {
    const tracked = work.finally(() => sending.delete(tracked));
    sending.add(tracked);
  }

  return {
    send(callback) {
      if (switches().dropCallbacks) return;
      track(tell(callback));
      if (switches().duplicateCallbacks) track(tell(callback));
    },
    async close() {
      closing.abort();
      await Promise.allSettled(sending);
    },
  };
}
