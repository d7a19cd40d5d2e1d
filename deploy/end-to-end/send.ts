// One call of a client from outside, and names that nobody else has.

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
let lastNumber = 0;

/** What buyers send with their purchases, by token. */
export const purchaseHeaders = new Map<string, Record<string, string>>();

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
      // Kept, a connection may be closed by the other side at the moment of the next request.
      connection: 'close',
      'cf-connecting-ip': freshAddress(),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...(method === 'POST' && purchaseHeaders.get(token ?? '')),
      ...request.headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
  });
  const text = await answer.text();
  const members: Members = text.startsWith('{') ? JSON.parse(text) : {};
  return { status: answer.status, headers: answer.headers, body: members };
}
