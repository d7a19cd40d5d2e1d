// What an admin does to open a sale, through the edge as anybody would.
import { setTimeout as pause } from 'node:timers/promises';

export interface NewActivity {
  readonly skuId: string;
  readonly title?: string;
  readonly stock: number;
  readonly price: number;
  readonly startAt: string;
  readonly endAt: string;
  readonly ratePerSecond?: number;
  readonly capacity?: number;
  readonly limitPerUser?: number;
  readonly ticketWindowSeconds?: number;
  readonly draw?: false | { readonly beacon?: string };
}

const ANSWERS_WITHIN_MS = 5_000;
const POLL_MS = 50;

/** A token of the profile `local`; of an admin when the role says so. */
export async function tokenFor(
  edge: string,
  who: { userId: string; role?: 'admin' },
): Promise<string> {
  const { token } = await call(`${edge}/api/dev/token`, { body: who });
  return String(token);
}

/** Creates the activity and returns its id. */
export async function createActivity(edge: string, activity: NewActivity): Promise<string> {
  const token = await tokenFor(edge, { userId: 'admin', role: 'admin' });
  const { activityId } = await call(`${edge}/api/activities`, { body: activity, token });
  return String(activityId);
}

export async function showActivity(
  edge: string,
  activityId: string,
): Promise<Record<string, unknown>> {
  const token = await tokenFor(edge, { userId: 'admin', role: 'admin' });
  return call(`${edge}/api/activities/${activityId}`, { token });
}

/** Waits until the edge knows the sale in one of these states. */
export async function untilSale(
  edge: string,
  sale: { skuId: string; states: readonly string[]; withinMs: number },
): Promise<void> {
  const deadline = Date.now() + sale.withinMs;
  for (;;) {
    const answer = await fetch(`${edge}/api/sales/${sale.skuId}`);
    const text = await answer.text();
    if (answer.ok && sale.states.includes(String(JSON.parse(text).state))) return;
    if (Date.now() > deadline) throw new Error(`sale ${sale.skuId} is not to be had: ${text}`);
    await pause(POLL_MS);
  }
}

async function call(
  url: string,
  { body, token }: { body?: object; token?: string },
): Promise<Record<string, unknown>> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      ...(body && { 'content-type': 'application/json' }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
    ...(body && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${url} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
