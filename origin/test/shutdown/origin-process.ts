// `node origin/server.ts` as a process of its own, on the embedded stack.
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, inject, vi } from 'vitest';
import { preferPort } from '../../../deploy/local/services/ports.ts';
import { openReadOnly, type ReadStore } from '../../store/open-read-only.ts';
import { environmentOf, type Place } from '../reserve/embedded-origin.ts';

export interface OriginProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** What it wrote to its standard output and error so far. */
  output(): string;
  /** Sends the signal and waits for the end; its exit code, null when a signal ended it. */
  end(signal: NodeJS.Signals): Promise<number | null>;
}

export type Environment = Readonly<Record<string, string>>;

const PROGRAM = new URL('../../server.ts', import.meta.url).pathname;
const STARTS_WITHIN = { timeout: 20_000, interval: 20 };
/** Below the ports that connections get: it is free again for the next start. */
const PORTS = [20_000, 32_000] as const;

/** The same port and database for each start with it. */
export async function freshEnvironment(redis: Place): Promise<Environment> {
  const file = join(
    inject('scratchDir'),
    `spawned-${randomBytes(6).toString('hex')}`,
    'test.sqlite',
  );
  const port = await preferPort(randomInt(...PORTS));
  return { ...environmentOf(redis, file), ORIGIN_PORT: String(port), LOG_LEVEL: 'info' };
}

/** Starts one and waits until it serves. */
export async function startOriginProcess(environment: Environment): Promise<OriginProcess> {
  const started = spawnOrigin(environment);
  await vi.waitFor(() => {
    if (started.child.exitCode === null) expect(started.output()).toContain('"serving"');
  }, STARTS_WITHIN);
  expect(started.child.exitCode, started.output()).toBeNull();
  return { ...started, url: `http://127.0.0.1:${environment.ORIGIN_PORT}` };
}

/** Starts one that is expected to refuse; its exit code and what it said. */
export async function refusedStart(
  environment: Environment,
): Promise<{ code: number | null; output: string }> {
  const { child, output } = spawnOrigin(environment);
  const timer = setTimeout(() => child.kill('SIGKILL'), STARTS_WITHIN.timeout);
  await once(child, 'close');
  clearTimeout(timer);
  return { code: child.exitCode, output: output() };
}

export const rowsOfProcess = (environment: Environment): Promise<ReadStore> =>
  openReadOnly(environment.SQLITE_FILE ?? '');

function spawnOrigin(environment: Environment): Omit<OriginProcess, 'url'> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', PROGRAM], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  // Behind the last of its output, which its exit may overtake.
  const exited = once(child, 'close');
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output += chunk;
    });
  }
  return {
    child,
    output: () => output,
    async end(signal) {
      child.kill(signal);
      await exited;
      return child.exitCode;
    },
  };
}
