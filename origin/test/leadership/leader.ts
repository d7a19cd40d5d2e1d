import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

type Told = { readonly event: 'takes part' | 'leads' | 'step' | 'ended'; readonly term: number };

/** A running `leader-process.ts`. */
export interface Leader {
  /** The terms that it has told to lead in, in order. */
  terms(): number[];
  count(event: Told['event']): number;
  kill(signal: NodeJS.Signals): void;
  /** Kills it, stopped or not, and waits until it is gone. */
  end(): Promise<void>;
}

const PROGRAM = new URL('leader-process.ts', import.meta.url).pathname;

export function startLeader(seat: {
  endpoint: string;
  prefix: string;
  leaseSeconds: number;
  instance: string;
}): Leader {
  const args = [PROGRAM, seat.endpoint, seat.prefix, String(seat.leaseSeconds), seat.instance];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  const told: Told[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => told.push(JSON.parse(line)));
  const of = (event: Told['event']) => told.filter((entry) => entry.event === event);
  return {
    terms: () => of('leads').map(({ term }) => term),
    count: (event) => of(event).length,
    kill: (signal) => void child.kill(signal),
    async end() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
