// The store behind a process of its own: each call is a message there and a message back.
import { type ChildProcess, fork } from 'node:child_process';
import { InfrastructureError } from '../infrastructure-error.ts';
import { type Call, errorOf, type Reply } from './process-call.ts';
import type { Store } from './store.ts';

export type Answer<Name extends keyof Store> = Awaited<ReturnType<Store[Name]>>;
export type Caller = <Name extends keyof Store>(
  name: Name,
  ...args: Parameters<Store[Name]>
) => Promise<Answer<Name>>;

interface Pending {
  answer(value: unknown): void;
  fail(error: Error): void;
}

/** Above the deadline of a unit of work, which then has the first word. */
const CALL_DEADLINE_MS = 12_000;

const away = (message: string) => new InfrastructureError('database-away', message);

export interface StoreProcess {
  readonly pid: number | undefined;
  readonly call: Caller;
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends the process where it stands; what it has committed stays. */
  terminate(): Promise<void>;
}

/** Rejects when the file cannot be opened, with the reason in words. */
export async function startProcess(file: string): Promise<StoreProcess> {
  const child = fork(new URL('./store-process.ts', import.meta.url), [file], {
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // Structured clones: maps, bytes and what is left out arrive as they were sent.
    serialization: 'advanced',
  });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let end: Error | undefined;
  child.on('error', (cause) => {
    end ??= new InfrastructureError('database-away', 'the database process failed', { cause });
  });
  // After the last message was read, unlike `exit`.
  const closed = new Promise((resolve) => child.once('close', resolve));
  const ended = closed.then(() => {
    end ??= away('the database process has ended');
    for (const call of pending.values()) call.fail(end);
    pending.clear();
  });
  await opened(child, ended);
  child.on('message', (reply: Reply) => settle(pending, reply));

  const call: Caller = (name, ...args) =>
    new Promise((resolve, reject) => {
      if (end !== undefined) return reject(end);
      lastId += 1;
      const id = lastId;
      const timer = setTimeout(() => {
        pending.delete(id);
        reject(away(`no answer to ${name} in ${CALL_DEADLINE_MS} ms`));
      }, CALL_DEADLINE_MS);
      const waiting: Pending = {
        answer(value) {
          clearTimeout(timer);
          // The process runs the port's own code: its answer is of the port's type.
          resolve(value as Answer<typeof name>);
        },
        fail(error) {
          clearTimeout(timer);
          reject(error);
        },
      };
      pending.set(id, waiting);
      send(child, { id, name, args }, (error) => {
        if (pending.delete(id)) waiting.fail(error);
      });
    });
  return {
    ...{ pid: child.pid, call, ended },
    async terminate() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

function send(child: ChildProcess, call: Call, onFailure: (error: Error) => void): void {
  try {
    child.send(call, (cause) => {
      if (cause === null) return;
      onFailure(new InfrastructureError('database-away', 'the process is gone', { cause }));
    });
  } catch (error) {
    // What cannot be cloned is the caller's fault, and stays so.
    onFailure(error instanceof Error ? error : new Error(String(error)));
  }
}

async function opened(child: ChildProcess, ended: Promise<void>): Promise<void> {
  const first = new Promise<Reply>((resolve) => child.once('message', resolve));
  const reply = await Promise.race([first, ended]);
  if (reply?.kind === 'opened') return;
  await ended;
  throw new Error(reply?.kind === 'refused' ? reply.message : 'the database process did not open');
}

function settle(pending: Map<number, Pending>, reply: Reply): void {
  if (reply.kind !== 'answer' && reply.kind !== 'failure') return;
  const call = pending.get(reply.id);
  pending.delete(reply.id);
  if (reply.kind === 'answer') call?.answer(reply.value);
  else call?.fail(errorOf(reply.failure));
}
