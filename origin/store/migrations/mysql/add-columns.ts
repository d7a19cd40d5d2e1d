import type { Migration } from '@mikro-orm/migrations';

/**
 * Adds the columns that the table lacks. MySQL commits each statement by itself and, unlike
 * MariaDB, knows no `add column if not exists`.
 */
export async function addColumns(
  migration: Migration,
  table: string,
  columns: Readonly<Record<string, string>>,
): Promise<void> {
  const rows = await migration.execute(
    `select column_name as name from information_schema.columns
      where table_schema = database() and table_name = '${table}'`,
  );
  const present = new Set(rows.map((row) => String(Object(row).name)));
  for (const [name, definition] of Object.entries(columns)) {
    if (!present.has(name))
      migration.addSql(`alter table ${table} add column ${name} ${definition}`);
  }
}
