// The store behind a thread of its own: each call is a message there and a message back.
import { Worker } from 'node:worker_threads';
import { InfrastructureError } from '../infrastructure-error.ts';
import type { Store } from './store.ts';
import { type Call, errorOf, type Reply } from './thread-call.ts';

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

export interface StoreThread {
  readonly call: Caller;
  /** Resolves when the thread has ended, for whatever reason. */
  readonly ended: Promise<void>;
  /** Ends the thread where it stands; what it has committed stays. */
  terminate(): Promise<void>;
}

/** Rejects when the file cannot be opened, with the reason in words. */
export async function startThread(file: string): Promise<StoreThread> {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), {
    workerData: file,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let end: Error | undefined;
  const exited = new Promise((resolve) => worker.once('exit', resolve));
  const ended = exited.then(() => {
    end ??= away('the database thread has ended');
    for (const call of pending.values()) call.fail(end);
    pending.clear();
  });
  worker.on('error', (cause) => {
    end = new InfrastructureError('database-away', 'the database thread failed', { cause });
  });
  await opened(worker, ended);
  worker.on('message', (reply: Reply) => settle(pending, reply));

  const call: Caller = (name, ...args) =>
    new Promise((resolve, reject) => {
      if (end !== undefined) return reject(end);
      lastId += 1;
      const id = lastId;
      worker.postMessage({ id, name, args } satisfies Call);
      const timer = setTimeout(() => {
        pending.delete(id);
        reject(away(`no answer to ${name} in ${CALL_DEADLINE_MS} ms`));
      }, CALL_DEADLINE_MS);
      pending.set(id, {
        answer(value) {
          clearTimeout(timer);
          // The thread runs the port's own code: its answer is of the port's type.
          resolve(value as Answer<typeof name>);
        },
        fail(error) {
          clearTimeout(timer);
          reject(error);
        },
      });
    });
  return {
    ...{ call, ended },
    async terminate() {
      await worker.terminate();
      await ended;
    },
  };
}

async function opened(worker: Worker, ended: Promise<void>): Promise<void> {
  const first = new Promise<Reply>((resolve) => worker.once('message', resolve));
  const reply = await Promise.race([first, ended]);
  if (reply?.kind === 'opened') return;
  await ended;
  throw new Error(reply?.kind === 'refused' ? reply.message : 'the database thread did not open');
}

function settle(pending: Map<number, Pending>, reply: Reply): void {
  if (reply.kind !== 'answer' && reply.kind !== 'failure') return;
  const call = pending.get(reply.id);
  pending.delete(reply.id);
  if (reply.kind === 'answer') call?.answer(reply.value);
  else call?.fail(errorOf(reply.failure));
}
