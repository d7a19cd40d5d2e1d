// The fake beyond the network's edge: an HTTP server that checks the edge's signature as an origin
// does, records what it gets, and answers as the test has told it to.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type LoopbackServer,
  listenOnLoopback,
} from '../../deploy/local/services/loopback-server.ts';
import { LOOPBACK } from '../../deploy/local/services/ports.ts';
import { createSignatureCheck, type SignedRequest } from '../../origin/signature/signature.ts';
import { EDGE_HEADERS } from '../../shared/edge-signature.ts';
import type { Play, Recorded } from './provided.ts';

// `POST /play` `{of, plays}`: how requests of one user, or of nobody to one path, are answered; the
// last play stays.
const DEFAULT_PLAY: Play = { how: 'answer', status: 201, body: '{"state":"RESERVED"}' };
const UNSIGNED: Play = {
  how: 'answer',
  status: 401,
  headers: { 'content-type': 'application/problem+json' },
  body: '{"type":"/problems/edge-signature"}',
};

export async function startRecordingOrigin(key: string): Promise<LoopbackServer> {
  const recorded = new Map<string, Recorded[]>();
  const plays = new Map<string, Play[]>();
  const hostnames = [LOOPBACK, 'localhost'];
  const check = createSignatureCheck({ keys: key, hostnames, startedAt: Date.now() });
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
    if (url.pathname === '/recorded') {
      const those = recorded.get(url.searchParams.get('of') ?? '') ?? [];
      return void response.end(JSON.stringify(those));
    }
    if (url.pathname === '/play') {
      const order: { of: string; plays: Play[] } = JSON.parse(body);
      plays.set(order.of, order.plays);
      return void response.end();
    }
    const seen = record(request, body, check);
    const of = seen.claims.sub ?? url.pathname;
    recorded.set(of, [...(recorded.get(of) ?? []), seen]);
    if (seen.isRefused) return perform(UNSIGNED, request, response);
    const ahead = plays.get(of) ?? [];
    const play = (ahead.length > 1 ? ahead.shift() : ahead[0]) ?? DEFAULT_PLAY;
    perform(play, request, response);
  });
  return listenOnLoopback(server);
}

function perform(play: Play, request: IncomingMessage, response: ServerResponse): void {
  if (play.how === 'silence') return;
  if (play.how === 'hang-up') {
    request.socket.destroy();
    return;
  }
  response.writeHead(play.status ?? 201, { 'content-type': 'application/json', ...play.headers });
  response.end(play.body ?? '');
}

function record(
  request: IncomingMessage,
  text: string,
  check: ReturnType<typeof createSignatureCheck>,
): Recorded & { readonly isRefused: boolean } {
  const { headers, method = '', url: path = '' } = request;
  const signed: SignedRequest = { method, path, headers, body: Buffer.from(text) };
  const claims = String(headers[EDGE_HEADERS.claims] ?? '');
  const { kind } = check(signed);
  return {
    ...{ method, path, headers, body: text },
    claims: JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}'),
    isSigned: kind === 'signed',
    // Without any signature come those who ask for published keys.
    isRefused: kind === 'refused',
    nonce: String(headers[EDGE_HEADERS.nonce] ?? ''),
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
