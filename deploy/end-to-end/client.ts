// A client written from the API contract alone: it knows paths, members and statuses, and none of
// our code.
import { setTimeout as pause } from 'node:timers/promises';

export type Members = Readonly<Record<string, unknown>>;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Members;
}

export interface Request {
  readonly method?: string;
  readonly token?: string;
  /** Sent as JSON, a text as it is. */
  readonly body?: object | string;
  readonly headers?: Readonly<Record<string, string>>;
}

const ANSWERS_WITHIN_MS = 15_000;
const PURCHASE_WITHIN_MS = 30_000;
let lastNumber = 0;

/** Like `name_1732600000000_1`: nobody else has it. */
export function freshName(name: string): string {
  lastNumber += 1;
  return `${name}_${Date.now() % 1e9}_${process.pid}_${lastNumber}`;
}

/** An address of its own, so that nobody is counted with anybody else. */
export function freshAddress(): string {
  lastNumber += 1;
  return `10.${process.pid & 255}.${(lastNumber >> 8) & 255}.${lastNumber & 255}`;
}

export async function send(url: string, request: Request = {}): Promise<Answer> {
  const { token, body, method = body === undefined ? 'GET' : 'POST' } = request;
  const answer = await fetch(url, {
    method,
    headers: {
      'cf-connecting-ip': freshAddress(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  const text = await answer.text();
  const members: Members = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: answer.status, headers: answer.headers, body: members };
}

export async function tokenOf(edge: string, userId: string, role?: 'admin'): Promise<string> {
  const { body } = await send(`${edge}/api/dev/token`, { body: { userId, ...(role && { role }) } });
  return String(body.token);
}

/** Creates a sale that is open already and waits until it sells. */
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
