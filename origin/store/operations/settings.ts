import { type Em, lockClause } from '../orm.ts';
import type { SettingChange, SettingStanding } from '../settings-port.ts';

export async function noteSetting(
  em: Em,
  { name, text, actor, at }: SettingStanding,
): Promise<boolean> {
  const [last] = await em.execute<{ text: string | null }[]>(
    `select text from setting_change where name = ? order by id desc limit 1 ${lockClause(em)}`,
    [name],
  );
  const was = last?.text ?? null;
  if (was === text) return false;
  await em.execute(
    'insert into setting_change (name, was, text, actor, at) values (?, ?, ?, ?, ?)',
    [name, was, text, actor, at],
    'run',
  );
  return true;
}

export async function settingHistory(em: Em, limit: number): Promise<readonly SettingChange[]> {
  const rows = await em.execute<SettingChange[]>(
    'select name, was, text, actor, at from setting_change order by id desc limit ?',
    [limit],
  );
  return rows
    .map(({ name, was, text, actor, at }) => ({ name, was, text, actor, at: Number(at) }))
    .reverse();
}
