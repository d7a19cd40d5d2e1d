// The origin's place in a replay: whoever the edge lets in gets a reservation.
import { createServer } from 'node:http';
import { LOOPBACK } from '../../local/services/ports.ts';

export interface Till {
  readonly url: string;
  stop(): Promise<void>;
}

export async function openTill(): Promise<Till> {
  const server = createServer((request, response) => {
    request.resume().once('end', () => {
      response.writeHead(201, { 'content-type': 'application/json' });
      response.end('{"state":"RESERVED"}');
    });
  });
  await new Promise<void>((done) => server.listen(0, LOOPBACK, done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://${LOOPBACK}:${address.port}`,
    stop: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}
