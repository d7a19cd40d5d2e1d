// The socket under a connection to MySQL: one that has heard nothing for too long is closed, so that
// a server that is stuck, or gone without a word, holds no connection of the pool for minutes.
import { connect, type Socket } from 'node:net';

/** Longer than any query may take. A connection that has been idle this long is closed as well. */
const SILENCE_MS = 10_000;
const KEEP_ALIVE_DELAY_MS = 5000;

export function connectSocket({ host, port }: { host: string; port: number }): Socket {
  const socket = connect({
    ...{ host, port, noDelay: true },
    ...{ keepAlive: true, keepAliveInitialDelay: KEEP_ALIVE_DELAY_MS },
  });
  socket.setTimeout(SILENCE_MS, () => {
    const error = new Error(`the database has said nothing for ${SILENCE_MS} ms`);
    socket.destroy(Object.assign(error, { code: 'ETIMEDOUT' }));
  });
  return socket;
}
