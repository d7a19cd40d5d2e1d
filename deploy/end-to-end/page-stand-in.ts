// Stands in for the network edge where the buyer's page is tried in states that are hard to reach:
// serves the built page under the edge's own policy, plays the answers that a test has put on for a
// sale, and records what the page asked.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { json } from 'node:stream/consumers';
import { fillIn } from '../../edge/plain-facts.ts';
import { listenOnLoopback } from '../local/services/loopback-server.ts';
import { buildPage } from '../stack/build-page.ts';
import { PUBLIC } from '../stack/places.ts';
import type { Members } from './send.ts';

/** What a call is answered; `retry-after` in seconds. */
export interface Played {
  readonly status: number;
  readonly body: Members;
  readonly retryAfter?: number;
}

/** Asked, and never answered. */
export const HELD: Played = { status: 0, body: {} };

/** The calls of the contract that a sale's page makes. */
export type CallName = 'sale' | 'purchase' | 'place' | 'order' | 'cancel' | 'receipt';

export interface Asked {
  readonly call: CallName;
  readonly path: string;
  readonly body: Members;
}

/** One sale's answers, by call; a call without one gets no answer at all. */
export type Answers = Partial<Record<CallName, Played>>;

export interface StandIn {
  readonly url: string;
  /** From now on this sale is answered so; the other calls stay as they are. */
  play(skuId: string, answers: Answers): void;
  /** What was asked of a sale so far. */
  asked(skuId: string): readonly Asked[];
  stop(): Promise<void>;
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const POLICY =
  "default-src 'self'; base-uri 'none'; object-src 'none'; form-action 'self'; frame-ancestors 'none'";
const NAMED: readonly (readonly [CallName, RegExp])[] = [
  ['sale', /^\/api\/sales\/(\w+)$/],
  ['place', /^\/api\/seckill\/queue\/(\w+)\./],
  ['order', /^\/api\/seckill\/status\/(\w+)-/],
  ['purchase', /^\/api\/seckill\/(\w+)$/],
  ['cancel', /^\/api\/orders\/(\w+)-[^/]+\/cancel$/],
  ['receipt', /^\/api\/receipts$/],
];
const SALT = 'salt?expires=4102444800';
const CHALLENGE = {
  algorithm: 'SHA-256',
  challenge: createHash('sha256').update(`${SALT}7`).digest('hex'),
  salt: SALT,
  maxnumber: 10,
  signature: 'signature',
  expiresAt: '2099-01-01T00:00:00Z',
};

export async function startStandIn(): Promise<StandIn> {
  await buildPage();
  const sales = new Map<string, Answers>();
  const records = new Map<string, Asked[]>();
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://any').pathname);
    const body = request.method === 'POST' ? await bodyOf(request) : {};
    const [call, skuId] = named(path, body);
    if (call === undefined) {
      answerOthers(response, path);
      return;
    }
    records.set(skuId, [...(records.get(skuId) ?? []), { call, path, body }]);
    const played = sales.get(skuId)?.[call];
    if (played === undefined) response.destroy();
    else if (played !== HELD) sendJson(response, played);
  });
  const { url, stop } = await listenOnLoopback(server);
  return {
    url,
    play: (skuId, answers) => void sales.set(skuId, { ...sales.get(skuId), ...answers }),
    asked: (skuId) => records.get(skuId) ?? [],
    stop,
  };
}

/** Receipts of the stand-in begin with their sale, as its tickets do. */
function named(path: string, body: Members): [CallName | undefined, string] {
  for (const [call, pattern] of NAMED) {
    const match = pattern.exec(path);
    if (match === null) continue;
    return [call, match[1] ?? String(body.receipt).split('.')[0] ?? ''];
  }
  return [undefined, ''];
}

/** What is the same for everybody. */
const ALIKE: Readonly<Record<string, Members>> = {
  '/api/challenge': CHALLENGE,
  '/api/device': { deviceToken: 'device', expiresAt: '2099-01-01T00:00:00Z' },
  '/api/dev/token': { token: 'token', expiresAt: '2099-01-01T00:00:00Z' },
};

function answerOthers(response: ServerResponse, path: string): void {
  const body = ALIKE[path];
  if (body !== undefined) sendJson(response, { status: 200, body });
  else if (path.startsWith('/assets/')) sendFile(response, path);
  else {
    const file = path.startsWith('/sale/') ? 'sale.html' : 'index.html';
    response.setHeader('content-type', 'text/html; charset=utf-8');
    response.setHeader('content-security-policy', POLICY);
    response.end(fillIn(readFileSync(join(PUBLIC, file), 'utf8'), { kind: 'away' }));
  }
}

function sendFile(response: ServerResponse, path: string): void {
  const type = TYPES[extname(path)];
  if (type === undefined || !/^\/assets\/[\w.-]+$/.test(path)) {
    response.statusCode = 404;
    response.end();
    return;
  }
  response.setHeader('content-type', type);
  response.setHeader('content-security-policy', POLICY);
  response.end(readFileSync(join(PUBLIC, path)));
}

function sendJson(response: ServerResponse, { status, body, retryAfter }: Played): void {
  response.statusCode = status;
  const type = status < 400 ? 'application/json' : 'application/problem+json';
  response.setHeader('content-type', type);
  if (retryAfter !== undefined) response.setHeader('retry-after', String(retryAfter));
  response.end(JSON.stringify(body));
}

async function bodyOf(request: IncomingMessage): Promise<Members> {
  const body: unknown = await json(request);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}
