import type { Server } from 'node:http';
import { LOOPBACK } from './ports.ts';

export interface LoopbackServer {
  readonly url: string;
  stop(): Promise<void>;
}

/** Lets a server of this process listen on a free port; `stop` waits for nobody. */
export async function listenOnLoopback(server: Server): Promise<LoopbackServer> {
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
