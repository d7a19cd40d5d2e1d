// Who may write the SQLite file: one process, and that once. The proof is a lock that SQLite holds on
// a second, empty file, so the operating system gives it back however the owner ends, and readers
// of the first file never meet it.
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** A former owner that is just ending gets this long. */
const WAIT_MS = 2000;

export interface Ownership {
  release(): void;
}

/** Throws when another process owns the file, or this one does already. */
export function ownFile(file: string): Ownership {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(`${file}.owner`, { timeout: WAIT_MS });
  try {
    lock.exec('pragma locking_mode = exclusive; begin exclusive');
  } catch (cause) {
    lock.close();
    throw new Error(`${file} is owned by another process; only one may write it`, { cause });
  }
  return { release: () => lock.close() };
}
