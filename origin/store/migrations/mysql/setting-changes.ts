import { Migration } from '@mikro-orm/migrations';

const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class SettingChanges extends Migration {
  override name = 'setting-changes';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(`create table if not exists setting_change (
      id bigint not null auto_increment,
      name varchar(64) not null,
      was mediumtext null,
      text mediumtext null,
      actor varchar(128) not null,
      at bigint not null,
      primary key (id),
      key setting_change_name (name, id)
    ) ${OPTIONS}`);
  }
}
