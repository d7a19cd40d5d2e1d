import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { KafkaSettings } from '../../order-log/kafka/settings.ts';
import type { OutboxLane } from '../../outbox/entry.ts';

export interface RelayOrder {
  readonly redis: { readonly host: string; readonly port: number };
  readonly lanes: readonly OutboxLane[];
  readonly settings: KafkaSettings;
  readonly afterAppend: 'go-on' | 'hang';
}

/** A running `relay-process.ts`. */
export interface RelayChild {
  /** Events whose append it has told to be acknowledged. */
  appended(): number;
  kill(signal: NodeJS.Signals): void;
  /** Kills it, stopped or not, and waits until it is gone. */
  end(): Promise<void>;
}

const PROGRAM = new URL('relay-process.ts', import.meta.url).pathname;

export function startRelayChild(order: RelayOrder): RelayChild {
  const args = ['--disable-warning=TimeoutNegativeWarning', PROGRAM, JSON.stringify(order)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const exited = once(child, 'exit');
  let appended = 0;
  createInterface({ input: child.stdout }).on('line', (line) => {
    appended += Number(line.split(' ')[1]);
  });
  return {
    appended: () => appended,
    kill: (signal) => void child.kill(signal),
    async end() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
