import { createServer } from 'node:net';
import { LOOPBACK } from './service.ts';

/** A port that nobody listens on at the moment of the call; ask as late as you can. */
export async function freePort(): Promise<number> {
  const port = await listenOnce(0);
  if (port === undefined) throw new Error('no free port on the loopback interface');
  return port;
}

/** `port` when nobody listens on it, else a free one. */
export async function preferPort(port: number): Promise<number> {
  return (await listenOnce(port)) ?? freePort();
}

function listenOnce(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen(port, LOOPBACK, () => {
      const address = server.address();
      const taken = typeof address === 'object' && address !== null ? address.port : undefined;
      server.close(() => resolve(taken));
    });
  });
}
