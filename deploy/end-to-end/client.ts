// A client written from the API contract alone: it knows paths, members and statuses. Its buyers
// come with a browser each (`device.ts`) and show it before they buy.
import { setTimeout as pause } from 'node:timers/promises';
import { freshVisit, headersOf, showDevice } from './device.ts';
import { type Answer, freshName, type Members, purchaseHeaders, send } from './send.ts';

const PURCHASE_WITHIN_MS = 30_000;

/** A buyer's token is ready to buy with: its device has been shown. */
export async function tokenOf(edge: string, userId: string, role?: 'admin'): Promise<string> {
  const { body } = await send(`${edge}/api/dev/token`, { body: { userId, ...(role && { role }) } });
  const token = String(body.token);
  if (role === undefined) await bringDevice(edge, token);
  return token;
}

async function bringDevice(edge: string, token: string): Promise<void> {
  const visit = freshVisit(edge, token);
  const shown = await showDevice(visit);
  if (shown.status !== 200) throw new Error(`device not taken: ${JSON.stringify(shown)}`);
  const deviceToken = String(shown.body.deviceToken);
  purchaseHeaders.set(token, { ...headersOf(visit), 'x-device-token': deviceToken });
}

/**
 * Creates a sale that is open already and waits until it sells. Nobody is scored in it: these
 * clients are quicker than people, and not what is tried.
 */
export async function openSale(edge: string, terms: object = {}): Promise<Members> {
  const now = Date.now();
  const created = await send(`${edge}/api/activities`, {
    token: await tokenOf(edge, 'admin', 'admin'),
    body: {
      skuId: freshName('sku'),
      stock: 5,
      price: 1_250,
      startAt: new Date(now - 1_000).toISOString(),
      endAt: new Date(now + 600_000).toISOString(),
      challengeAt: 100,
      denyAt: 100,
      draw: false,
      ...terms,
    },
  });
  if (created.status !== 201) throw new Error(`not created: ${JSON.stringify(created)}`);
  const { skuId } = created.body;
  await until(async () => {
    const sale = await send(`${edge}/api/sales/${skuId}`);
    return sale.body.state === 'RUNNING' ? sale : undefined;
  });
  return created.body;
}

/** Buys as the contract tells: waits in line, repeats what is not decided; the first clear answer. */
export async function buy(sale: {
  edge: string;
  skuId: unknown;
  token: string;
  body?: object;
}): Promise<Answer> {
  const deadline = Date.now() + PURCHASE_WITHIN_MS;
  let ticket: unknown;
  for (;;) {
    const body = { ...sale.body, ...(typeof ticket === 'string' && { ticket }) };
    const { edge, skuId, token } = sale;
    const answer = await send(`${edge}/api/seckill/${skuId}`, { token, body });
    const isUndecided = answer.status === 202 || answer.status === 503;
    if (!isUndecided || Date.now() > deadline) return answer;
    ticket = answer.body.ticket ?? ticket;
    const seconds = Number(answer.body.pollAfterSeconds ?? answer.headers.get('retry-after') ?? 1);
    await pause(1_000 * seconds);
  }
}

/** Asks again and again until there is an answer. */
export async function until<T>(ask: () => Promise<T | undefined>, withinMs = 15_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const found = await ask();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error(`not so within ${withinMs} ms: ${ask}`);
    await pause(50);
  }
}
