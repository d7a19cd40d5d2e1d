import { Migration } from '@mikro-orm/migrations';

export class SettingChanges extends Migration {
  override name = 'setting-changes';

  override up(): void {
    this.addSql(`create table if not exists setting_change (
      id integer primary key autoincrement,
      name text not null check (length(name) <= 64),
      was text,
      text text,
      actor text not null check (length(actor) <= 128),
      at integer not null
    ) strict`);
    this.addSql('create index if not exists setting_change_name on setting_change (name, id)');
  }
}
