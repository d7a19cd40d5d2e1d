// The SQLite file as its owner opens it: in this process, with its schema brought up to date. The
// origin reaches it through `process-client.ts`.
import { type Em, sqliteOrm } from './orm.ts';
import { storeOver } from './over-orm.ts';
import { type Ownership, ownFile } from './owned-file.ts';
import { runMigrations } from './run-migrations.ts';
import type { Store } from './store.ts';

const BUSY_TIMEOUT_MS = 5000;
/** Pages, about 40 MB: a checkpoint costs a sync, a long log costs readers. */
const CHECKPOINT_PAGES = 10_000;

const OWNER_PRAGMAS = [
  'journal_mode = wal',
  // FULL: a commit is on the disk when it returns.
  'synchronous = full',
  `busy_timeout = ${BUSY_TIMEOUT_MS}`,
  `wal_autocheckpoint = ${CHECKPOINT_PAGES}`,
];

export interface OpenedFile {
  readonly store: Store;
  /** Names of the migrations that this opening has run. */
  readonly migrated: readonly string[];
}

/** Owns, migrates and opens the file. Throws when another process owns it. */
export async function openSqlite(file: string): Promise<OpenedFile> {
  const ownership = ownFile(file);
  const orm = sqliteOrm(file);
  try {
    await setPragmas(orm.em, OWNER_PRAGMAS);
    const migrated = await runMigrations(orm);
    return { store: owned(storeOver(orm), ownership), migrated };
  } catch (error) {
    await orm.close(true);
    ownership.release();
    throw error;
  }
}

function owned(store: Store, ownership: Ownership): Store {
  return {
    ...store,
    async close() {
      await store.close();
      ownership.release();
    },
  };
}

export async function setPragmas(em: Em, pragmas: readonly string[]): Promise<void> {
  for (const pragma of pragmas) await em.execute(`pragma ${pragma}`);
}
