// The fake beyond the network's edge: an HTTP server that checks the edge's signature, records what
// it gets, and answers as the test has told it to.
import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type LoopbackServer,
  listenOnLoopback,
} from '../../deploy/local/services/loopback-server.ts';
import { LOOPBACK } from '../../deploy/local/services/ports.ts';
import { EDGE_HEADERS, signedText } from '../../shared/edge-signature.ts';
import type { Play, Recorded } from './provided.ts';

// `POST /play` `{sub, plays}`: how requests of one user are answered; the last play stays.
const DEFAULT_PLAY: Play = { how: 'answer', status: 201, body: '{"state":"RESERVED"}' };

export async function startRecordingOrigin(key: string): Promise<LoopbackServer> {
  const recorded = new Map<string, Recorded[]>();
  const plays = new Map<string, Play[]>();
  const server = createServer(async (request, response) => {
    const body = await readAll(request);
    const url = new URL(request.url ?? '/', `http://${LOOPBACK}`);
    if (url.pathname === '/recorded') {
      const of = recorded.get(url.searchParams.get('sub') ?? '') ?? [];
      return void response.end(JSON.stringify(of));
    }
    if (url.pathname === '/play') {
      const order: { sub: string; plays: Play[] } = JSON.parse(body);
      plays.set(order.sub, order.plays);
      return void response.end();
    }
    const seen = record(request, body, key);
    const sub = seen.claims.sub ?? '';
    recorded.set(sub, [...(recorded.get(sub) ?? []), seen]);
    const ahead = plays.get(sub) ?? [];
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

function record(request: IncomingMessage, body: string, key: string): Recorded {
  const header = (name: string): string => String(request.headers[name] ?? '');
  const [keyId, secret = ''] = key.split(':');
  const { method = '', url: path = '' } = request;
  const nonce = header(EDGE_HEADERS.nonce);
  const claims = header(EDGE_HEADERS.claims);
  const text = signedText({
    method,
    path,
    bodyHash: createHash('sha256').update(body).digest('hex'),
    time: header(EDGE_HEADERS.time),
    nonce,
    target: header(EDGE_HEADERS.target),
    claims,
  });
  const expected = createHmac('sha256', secret).update(text).digest('base64url');
  const isSigned =
    header(EDGE_HEADERS.signature) === expected && header(EDGE_HEADERS.keyId) === keyId;
  return {
    method,
    path,
    body,
    claims: JSON.parse(Buffer.from(claims, 'base64url').toString() || '{}'),
    headers: request.headers,
    isSigned,
    nonce,
  };
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}
