import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export const LOOPBACK = '127.0.0.1';
const POLL_MS = 20;
/**
 * Below the range that systems take for the near end of outgoing connections (Linux from 32768,
 * others from 49152): a port of that range may be free now and somebody's connection a moment later.
 */
const [FIRST_PORT, LAST_PORT] = [12_000, 32_000];
/** Who looks at the same time looks elsewhere: what two find free, both would listen on. */
const OWN_PORTS = 100;
const OWN_FIRST = FIRST_PORT + (process.pid % ((LAST_PORT - FIRST_PORT) / OWN_PORTS)) * OWN_PORTS;
const MAX_TRIES = 200;
const handedOut = new Set<number>();

/** A port that nobody listens on, and that this process has not been given before. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const port =
      tries < OWN_PORTS
        ? randomInt(OWN_FIRST, OWN_FIRST + OWN_PORTS)
        : randomInt(FIRST_PORT, LAST_PORT);
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    return port;
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

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, LOOPBACK, () => server.close(() => resolve(true)));
  });
}
