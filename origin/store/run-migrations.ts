import type { Orm } from './orm.ts';

/** Runs the migrations that the database has not seen; answers their names. */
export async function runMigrations(orm: Orm): Promise<readonly string[]> {
  const done = await orm.migrator.up();
  return done.map((migration) => migration.name);
}
