// Opens the store on the database that the configuration names.
import { openInProcess } from './open-in-process.ts';
import { openMysql } from './open-mysql.ts';
import type { Store } from './store.ts';
import type { StoreTarget } from './target.ts';

/**
 * SQLite: owns the file through a process of its own and brings its schema up to date; rejects when
 * another process owns it. MySQL: connects at the first call; its schema is `migrate`'s affair.
 */
export function openStore(target: StoreTarget): Promise<Store> {
  return target.kind === 'mysql' ? openMysql(target) : openInProcess(target.file);
}
