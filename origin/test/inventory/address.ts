// An address that stands before one Redis and then before another, as a fail-over moves it.
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
  /** Breaks every connection; those that come from now on reach the other. */
  moveTo(port: number): void;
  close(): void;
}

const HOST = '127.0.0.1';

export async function openAddress(firstPort: number): Promise<Address> {
  let target = firstPort;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(target, HOST);
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
      // The other side hears of it by the connection being closed.
      socket.on('error', () => socket.destroy());
    }
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  }).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    host: HOST,
    port: typeof address === 'object' ? (address?.port ?? 0) : 0,
    moveTo(port) {
      target = port;
      breakAll();
    },
    close() {
      server.close();
      breakAll();
    },
  };
}
