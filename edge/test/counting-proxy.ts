// Stands between the Worker and the bridge and counts: a Worker that is given `<url>/<name>` makes
// its requests under that name, and `GET <url>/<name>/requests` tells what they were.
// `POST <url>/<name>/mode` says how the way behaves from now on.
import {
  createServer,
  type IncomingMessage,
  type ServerResponse,
  request as send,
} from 'node:http';
import {
  type LoopbackServer,
  listenOnLoopback,
} from '../../deploy/local/services/loopback-server.ts';
import type { RedisMode } from './provided.ts';

/** The commands of one HTTP request, by name. */
export type Counted = readonly string[];

export async function startCountingProxy(bridgeUrl: string): Promise<LoopbackServer> {
  const counted = new Map<string, Counted[]>();
  const modes = new Map<string, RedisMode>();
  const server = createServer(async (request, response) => {
    const [, name = '', ...rest] = (request.url ?? '').split('/');
    const path = `/${rest.join('/')}`;
    const body = await readAll(request);
    if (path === '/requests') return void response.end(JSON.stringify(counted.get(name) ?? []));
    if (path === '/mode') {
      modes.set(name, parseMode(body.toString()));
      return void response.end();
    }
    counted.set(name, [...(counted.get(name) ?? []), commandsOf(body)]);
    const mode = modes.get(name) ?? 'pass';
    if (mode === 'silence') return;
    if (mode === 'refuse') return void request.socket.destroy();
    const passed = mode === 'forget' ? withUnknownHashes(body) : body;
    pass({ bridgeUrl, path, body: passed, request, response });
  });
  return listenOnLoopback(server);
}

function pass(exchange: {
  bridgeUrl: string;
  path: string;
  body: Buffer;
  request: IncomingMessage;
  response: ServerResponse;
}): void {
  const { request, response, body } = exchange;
  const { method, headers } = request;
  const url = new URL(exchange.path, exchange.bridgeUrl);
  const length = String(body.byteLength);
  const onwardHeaders = { ...headers, host: url.host, 'content-length': length };
  const onward = send(url, { method, headers: onwardHeaders }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.on('error', () => response.destroy());
  onward.end(body);
}

function parseMode(text: string): RedisMode {
  return text === 'refuse' || text === 'silence' || text === 'forget' ? text : 'pass';
}

const UNKNOWN_HASH = '0'.repeat(40);

function withUnknownHashes(body: Buffer): Buffer {
  const text = body.toString().replace(/(\["evalsha",)"[0-9a-f]{40}"/gi, `$1"${UNKNOWN_HASH}"`);
  return Buffer.from(text);
}

function commandsOf(body: Buffer): Counted {
  const json: unknown = JSON.parse(body.toString());
  if (!Array.isArray(json)) return [];
  const commands: unknown[] = Array.isArray(json[0]) ? json : [json];
  return commands.map((command) =>
    Array.isArray(command) ? String(command[0]).toUpperCase() : '',
  );
}

async function readAll(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
