// The origin's place in a replay: whoever the edge lets in gets a reservation.
import { createServer } from 'node:http';
import { type LoopbackServer, listenOnLoopback } from '../../local/services/loopback-server.ts';

export async function openTill(): Promise<LoopbackServer> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end('{"state":"RESERVED"}');
    });
  });
  return listenOnLoopback(server);
}
