// HTTP as a crowd speaks it: many people over a bounded number of sockets, everything counted.
import { Agent, request } from 'undici';

export interface Call {
  readonly url: string;
  /** A POST when there is a body, else a GET. */
  readonly body?: string;
  readonly contentType?: string;
  readonly token?: string;
  /** The caller's network address, as Cloudflare would tell it. */
  readonly address: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Answer {
  /** 0 when there was none. */
  readonly status: number;
  readonly text: string;
  /** The members of a JSON object; none of anything else. */
  readonly body: Readonly<Record<string, unknown>>;
  readonly retryAfterSeconds: number;
  readonly ms: number;
}

export interface Wire {
  send(call: Call): Promise<Answer>;
  close(): Promise<void>;
}

const ANSWERS_WITHIN_MS = 15_000;

/** `onAnswer` hears of every answer, for the counts that are shown while the crowd runs. */
export function openWire(options: { sockets: number; onAnswer: (status: number) => void }): Wire {
  const dispatcher = new Agent({
    connections: options.sockets,
    pipelining: 1,
    headersTimeout: ANSWERS_WITHIN_MS,
    bodyTimeout: ANSWERS_WITHIN_MS,
  });
  async function send(call: Call): Promise<Answer> {
    const started = performance.now();
    const took = () => performance.now() - started;
    try {
      const answer = await request(call.url, { dispatcher, ...requestOf(call) });
      const text = await answer.body.text();
      options.onAnswer(answer.statusCode);
      return {
        status: answer.statusCode,
        text,
        body: membersOf(text),
        retryAfterSeconds: Number(answer.headers['retry-after'] ?? 1),
        ms: took(),
      };
    } catch (error) {
      options.onAnswer(0);
      const body = { error: String(error) };
      return { status: 0, text: '', body, retryAfterSeconds: 1, ms: took() };
    }
  }
  return { send, close: () => dispatcher.close() };
}

function requestOf(call: Call) {
  const { body, contentType = 'application/json', token, address } = call;
  const headers = {
    ...call.headers,
    'cf-connecting-ip': address,
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  if (body === undefined) return { method: 'GET' as const, headers };
  return { method: 'POST' as const, headers: { ...headers, 'content-type': contentType }, body };
}

function membersOf(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

export function textIn(answer: Answer, member: string): string | undefined {
  const value = answer.body[member];
  return typeof value === 'string' ? value : undefined;
}

export function numberIn(answer: Answer, member: string): number | undefined {
  const value = answer.body[member];
  return typeof value === 'number' ? value : undefined;
}

/** The last part of a problem's `type`; empty for an answer that is no problem. */
export function slugOf(answer: Answer): string {
  return (textIn(answer, 'type') ?? '').replace('/problems/', '');
}
