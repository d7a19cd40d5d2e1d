// A Redis of one test that can be killed, emptied and put back to what it was.
import { randomInt } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, inject, vi } from 'vitest';
import { isFree, preferPort } from '../../../deploy/local/services/ports.ts';
import { endProcess } from '../../../deploy/local/services/process.ts';
import { startRedis } from '../../../deploy/local/services/redis.ts';
import type { Redis } from '../../redis/client.ts';
import { connectRedis, untilReady } from '../../redis/connection.ts';

export interface BreakableRedis {
  readonly host: string;
  readonly port: number;
  /** A connection that comes back with the server. */
  readonly client: Redis;
  kill(): Promise<void>;
  /** Meanwhile it holds its connections and answers nothing. */
  stopped<Result>(meanwhile: () => Promise<Result>): Promise<Result>;
  /** Starts it on its port, on whatever data there is. */
  start(): Promise<void>;
  /** Removes the data of a server that is down. */
  forget(): void;
  /** A copy of the data as it stands on the disk, of a server that may be running. */
  copy(): string;
  /** Puts a copy back, of a server that is down. */
  putBack(copy: string): void;
  close(): Promise<void>;
}

/** Below the ports that connections get, so that none of them takes it while the server is down. */
const PORTS = [20_000, 32_000] as const;
const READY_WITHIN_MS = 10_000;
const KILLED_WITHIN_MS = 5_000;

export async function startBreakableRedis(): Promise<BreakableRedis> {
  const scratch = inject('scratchDir');
  mkdirSync(scratch, { recursive: true });
  const home = mkdtempSync(join(scratch, 'breakable-'));
  const dir = join(home, 'data');
  let service = await startRedis({ dir, port: await preferPort(randomInt(...PORTS)) });
  let copies = 0;
  const { host, port } = service;
  const client = connectRedis({ host, port, name: 'test', commandTimeoutMs: 2_000 });
  await untilReady(client, READY_WITHIN_MS);
  async function kill(): Promise<void> {
    await endProcess({ pid: service.pid, signal: 'SIGKILL', withinMs: KILLED_WITHIN_MS });
    // Its main thread is gone; the last of the others gives back the port.
    await vi.waitFor(async () => expect(await isFree(port)).toBe(true), KILLED_WITHIN_MS);
  }
  const forget = () => rmSync(dir, { recursive: true, force: true });
  return {
    host,
    port,
    client,
    kill,
    async stopped(meanwhile) {
      service.kill('SIGSTOP');
      try {
        return await meanwhile();
      } finally {
        service.kill('SIGCONT');
      }
    },
    async start() {
      service = await startRedis({ dir, port });
      await untilReady(client, READY_WITHIN_MS);
    },
    forget,
    copy() {
      copies += 1;
      const copy = join(home, `copy-${copies}`);
      cpSync(join(dir, 'appendonlydir'), copy, { recursive: true });
      return copy;
    },
    putBack(copy) {
      forget();
      mkdirSync(dir, { recursive: true });
      cpSync(copy, join(dir, 'appendonlydir'), { recursive: true });
    },
    async close() {
      client.disconnect();
      await kill();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
