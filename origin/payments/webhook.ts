// Signatures of payment callbacks (Standard Webhooks, standardwebhooks.com): HMAC-SHA256 over id,
// time and the raw body; more than 300 s off is refused.
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

export type CheckWebhook = (
  body: Buffer,
  headers: Readonly<Record<string, string | string[] | undefined>>,
) => boolean;

const NAMES = ['webhook-id', 'webhook-timestamp', 'webhook-signature'] as const;
const SECONDS = /^\d{1,12}$/;
const MAX_LENGTH = 2_048;

/** `secrets`: `whsec_…`, several separated by spaces while one is replaced. */
export function createWebhookCheck(secrets: string): CheckWebhook {
  const webhooks = secrets.split(/\s+/).map((secret) => new Webhook(secret));
  return function checkWebhook(body, headers) {
    const given: Record<string, string> = {};
    for (const name of NAMES) {
      const value = headers[name];
      if (typeof value !== 'string' || value.length > MAX_LENGTH) return false;
      given[name] = value;
    }
    if (!SECONDS.test(given['webhook-timestamp'] ?? '')) return false;
    return webhooks.some((webhook) => isSigned(webhook, body, given));
  };
}

function isSigned(webhook: Webhook, body: Buffer, headers: Record<string, string>): boolean {
  try {
    webhook.verify(body, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

/** Whether every secret of a list can be used; read at the start, not at the first callback. */
export function isSecretList(secrets: string): boolean {
  const list = secrets.split(' ');
  return list.every((secret) => /^whsec_[A-Za-z0-9+/]{16,}={0,2}$/.test(secret));
}
