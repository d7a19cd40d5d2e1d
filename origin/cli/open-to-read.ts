// The database as a command reads it: beside a running origin, changing nothing.
import type { ReadStore } from '../store/open-read-only.ts';
import type { StoreTarget } from '../store/target.ts';

/** Loaded when asked for: most commands do without the database's libraries, which take a second. */
export async function openToRead(target: StoreTarget): Promise<ReadStore> {
  if (target.kind === 'mysql') return (await import('../store/open-store.ts')).openStore(target);
  return (await import('../store/open-read-only.ts')).openReadOnly(target.file);
}
