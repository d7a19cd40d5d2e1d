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

const COME_TOGETHER = 8;

/** Of so many buyers, who come a few at a time: their proofs are worked out here. */
export async function tokensOf(edge: string, names: readonly string[]): Promise<string[]> {
  const tokens: string[] = [];
  while (tokens.length < names.length) {
    const together = names.slice(tokens.length, tokens.length + COME_TOGETHER);
    tokens.push(...(await Promise.all(together.map((name) => tokenOf(edge, name)))));
  }
  return tokens;
}

/** So many names that nobody else has. */
export const freshNames = (count: number, name = 'buyer'): string[] =>
  Array.from({ length: count }, () => freshName(name));

async function bringDevice(edge: string, token: string): Promise<void> {
  const visit = freshVisit(edge, token);
  const shown = await decided(() => showDevice(visit));
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
  const token = await tokenOf(edge, 'admin', 'admin');
  const body = {
    skuId: freshName('sku'),
    stock: 5,
    price: 1_250,
    startAt: new Date(now - 1_000).toISOString(),
    endAt: new Date(now + 600_000).toISOString(),
    challengeAt: 100,
    denyAt: 100,
    draw: false,
    ...terms,
  };
  const created = await decided(() => send(`${edge}/api/activities`, { token, body }));
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

const TRIES = 10;

/**
 * The answer to what can be decided: where an edge's deadlines are too short for a busy machine, it
 * says so, and is asked again when it says.
 */
export async function decided(ask: () => Promise<Answer>): Promise<Answer> {
  for (let left = TRIES; ; left -= 1) {
    const answer = await ask();
    const { type } = answer.body;
    const isBusy = type === '/problems/unavailable' || type === '/problems/busy';
    if (!isBusy || left === 0) return answer;
    await pause(1_000 * Number(answer.headers.get('retry-after') ?? 1));
  }
}

const LOOK_EVERY_MS = 50;

/** Asks again and again until there is an answer, and for the last time behind the deadline. */
export async function until<T>(ask: () => Promise<T | undefined>, withinMs = 15_000): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const isLast = Date.now() > deadline;
    const found = await ask();
    if (found !== undefined) return found;
    if (isLast) throw new Error(`not so within ${withinMs} ms: ${ask}`);
    await pause(LOOK_EVERY_MS);
  }
}

/**
 * The same for what is promised within a time: as many looks as that time has room for. A machine on
 * which a look takes longer gets longer for what is looked for; a look must be a small thing.
 */
export async function untilPromised<T>(
  ask: () => Promise<T | undefined>,
  withinMs: number,
): Promise<T> {
  for (let left = Math.ceil(withinMs / LOOK_EVERY_MS); ; left -= 1) {
    const found = await ask();
    if (found !== undefined) return found;
    if (left === 0) throw new Error(`not so within ${withinMs} ms: ${ask}`);
    await pause(LOOK_EVERY_MS);
  }
}
