// Entry point of the process that owns the SQLite file: opens it, then answers calls by their names
// until its parent says `close` or is gone. The parent alone says when: signals sent to the whole
// group (Ctrl-C) reach this process too, while the parent still has calls to make.
import { openSqlite } from './open-sqlite.ts';
import { type Call, failureOf, type Reply } from './process-call.ts';
import type { Store } from './store.ts';

const [file] = process.argv.slice(2);
if (file === undefined || process.send === undefined) {
  throw new Error('store-process.ts is started by open-in-process.ts, with the file to own');
}
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => undefined);
// What is not committed by now is what a crash of the parent leaves: nothing.
process.once('disconnect', () => process.exit());

/** Resolves when the message is on its way; without a parent there is nobody to tell. */
function reply(message: Reply): Promise<void> {
  return new Promise((resolve) => process.send?.(message, undefined, undefined, () => resolve()));
}

try {
  const { store } = await openSqlite(file);
  process.on('message', (call: Call) => void answer(store, call));
  await reply({ kind: 'opened' });
} catch (error) {
  await reply({ kind: 'refused', message: failureOf(error).message });
  process.exit(1);
}

async function answer(store: Store, { id, name, args }: Call): Promise<void> {
  try {
    await reply({ kind: 'answer', id, value: await Reflect.apply(store[name], store, args) });
  } catch (error) {
    await reply({ kind: 'failure', id, failure: failureOf(error) });
  }
  if (name === 'close') process.exit();
}
