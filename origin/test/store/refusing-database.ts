// A database that refuses the rows of one user, as it would refuse a value that does not fit.
import { DatabaseSync } from 'node:sqlite';
import { withDatabase } from '../../../deploy/local/services/database.ts';
import type { StoreTarget } from '../../store/target.ts';

/** Changes the database behind the store's back. */
export async function change(target: StoreTarget, sql: string): Promise<void> {
  if (target.kind === 'mysql') {
    await withDatabase(target, (execute) => execute(sql));
    return;
  }
  const database = new DatabaseSync(target.file, { timeout: 5_000 });
  database.exec(sql);
  database.close();
}

export const refuseRowsOf = (target: StoreTarget, userId: string): Promise<void> =>
  change(
    target,
    target.kind === 'mysql'
      ? `alter table orders add constraint refused check (user_id <> '${userId}')`
      : `create trigger refused before insert on orders when new.user_id = '${userId}'
          begin select raise(abort, 'refused'); end`,
  );

export const refuseNobody = (target: StoreTarget): Promise<void> =>
  change(
    target,
    target.kind === 'mysql' ? 'alter table orders drop constraint refused' : 'drop trigger refused',
  );
