// Entry point of the thread that owns the SQLite file: opens it, then answers calls by their names.
import { parentPort, workerData } from 'node:worker_threads';
import { openSqlite } from './open-sqlite.ts';
import type { Store } from './store.ts';
import { type Call, failureOf, type Reply } from './thread-call.ts';

const port = parentPort;
if (port === null) throw new Error('thread.ts is the entry point of a worker thread');
const reply = (message: Reply): void => port.postMessage(message);

try {
  const { store } = await openSqlite(String(workerData));
  port.on('message', (call: Call) => void answer(store, call));
  reply({ kind: 'opened' });
} catch (error) {
  reply({ kind: 'refused', message: failureOf(error).message });
}

async function answer(store: Store, { id, name, args }: Call): Promise<void> {
  try {
    reply({ kind: 'answer', id, value: await Reflect.apply(store[name], store, args) });
  } catch (error) {
    reply({ kind: 'failure', id, failure: failureOf(error) });
  }
  // Without its port the thread has nothing to wait for, and ends.
  if (name === 'close') port?.close();
}
