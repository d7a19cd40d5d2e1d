import { randomInt } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export const LOOPBACK = '127.0.0.1';
const POLL_MS = 20;
/**
 * Below the range that systems take for the near end of outgoing connections (Linux from 32768,
 * others from 49152): a port of that range may be free now and somebody's connection a moment later.
 */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];
const MAX_TRIES = 200;
const HELD_AT_MOST = 256;
const held: Socket[] = [];

/**
 * A port that nobody listens on, and that no process has been given before. Who asks holds the UDP
 * port of the same number, for whoever will listen may do so only seconds later; the system lets
 * go of it when this process ends.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port = randomInt(FIRST_PORT, LAST_PORT);
    const hold = await holdPort(port);
    if (!hold) continue;
    if (await isFree(port)) {
      held.push(hold);
      if (held.length > HELD_AT_MOST) held.shift()?.close();
      return port;
    }
    hold.close();
  }
  throw new Error('no free port on the loopback interface');
}

export async function isFree(port: number): Promise<boolean> {
  return await listens(port);
}

/** Waits for a port whose last owner may still be ending; false when it stays taken. */
export async function becomesFree(port: number, withinMs: number): Promise<boolean> {
  const deadline = Date.now() + withinMs;
  while (!(await isFree(port))) {
    if (Date.now() >= deadline) return false;
    await pause(POLL_MS);
  }
  return true;
}

/** `port` when nobody listens on it, else a free one. */
export async function preferPort(port: number): Promise<number> {
  return (await isFree(port)) ? port : freePort();
}

function holdPort(port: number): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4').unref();
    socket.once('error', () => {
      socket.close();
      resolve(undefined);
    });
    socket.bind({ port, address: LOOPBACK, exclusive: true }, () => resolve(socket));
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}
