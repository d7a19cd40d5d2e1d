import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { becomesFree, LOOPBACK } from './ports.ts';
import { birthOf, endProcess, recordProcess } from './process.ts';

/** A local server that this project started and that has answered a real request. */
export type Service = {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly pid: number;
  readonly url?: string;
  /** Asks it to end and waits until it has; insists after ten seconds. */
  stop(): Promise<void>;
  /** Sends a signal and returns at once; to one that has ended, nothing is sent. */
  kill(signal: NodeJS.Signals): void;
};

/** What every `startX` takes. Started again on the same `dir`, a service goes on from its data. */
export type StartOptions = {
  dir: string;
  /** A free one when absent. */
  port?: number;
  /**
   * True by default: a process group of its own, so that Ctrl-C in the terminal does not reach
   * it and it may outlive the program that started it. False shares the terminal's signals.
   */
  detached?: boolean;
};

export type LaunchPlan = StartOptions & {
  name: string;
  port: number;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  url?: string;
  /** One real request; throws while the service cannot answer it. */
  request: () => Promise<void>;
  readyWithinMs: number;
};

const POLL_MS = 25;
const STOP_WITHIN_MS = 10_000;
const PORT_WITHIN_MS = 2_000;
const LOG_LINES = 20;
const ENDED = 'ended while starting';

/**
 * Starts a server with its output in `<dir>/<name>.log` and waits until it answers a real
 * request. A server that ends or stays silent is killed, and the error ends with its last lines.
 */
export async function launch(plan: LaunchPlan): Promise<Service> {
  // Whoever holds the port might answer in the name of a server that cannot even start.
  if (!(await becomesFree(plan.port, PORT_WITHIN_MS)))
    throw new Error(`${plan.name}: port ${plan.port} is taken`);
  mkdirSync(plan.dir, { recursive: true });
  const logPath = join(plan.dir, `${plan.name}.log`);
  const log = openSync(logPath, 'a');
  const child = spawn(plan.command, plan.args, {
    cwd: plan.dir,
    env: { ...process.env, ...plan.env },
    stdio: ['ignore', log, log],
    detached: plan.detached ?? true,
  });
  closeSync(log);
  const spawned = await new Promise<Error | undefined>((resolve) => {
    child.once('spawn', () => resolve(undefined));
    child.once('error', resolve);
  });
  if (spawned !== undefined || child.pid === undefined) {
    throw new Error(`${plan.name}: cannot run ${plan.command}`, { cause: spawned });
  }
  child.unref();
  const pid = child.pid;
  const stop = () => endProcess({ pid, signal: 'SIGTERM', withinMs: STOP_WITHIN_MS });
  const address = { name: plan.name, host: LOOPBACK, port: plan.port, pid };
  recordProcess(plan.dir, address);
  const failure = await untilReady(plan, pid);
  if (failure !== undefined) {
    await stop();
    throw new Error(`${plan.name}: ${failure}; its last lines:\n${lastLines(logPath)}`);
  }
  const url = plan.url === undefined ? {} : { url: plan.url };
  const kill = (signal: NodeJS.Signals) => {
    if (birthOf(pid) !== undefined) process.kill(pid, signal);
  };
  return { ...address, ...url, stop, kill };
}

/** Undefined once the service has answered, else why it is given up. */
async function untilReady(plan: LaunchPlan, pid: number): Promise<string | undefined> {
  const deadline = Date.now() + plan.readyWithinMs;
  for (;;) {
    try {
      await plan.request();
      // Another one may have answered, on a port that both wanted.
      return birthOf(pid) === undefined ? ENDED : undefined;
    } catch (error) {
      if (birthOf(pid) === undefined) return ENDED;
      if (Date.now() >= deadline) {
        return `no answer within ${plan.readyWithinMs} ms (${error})`;
      }
    }
    await pause(POLL_MS);
  }
}

function lastLines(path: string): string {
  return readFileSync(path, 'utf8').trimEnd().split('\n').slice(-LOG_LINES).join('\n');
}
