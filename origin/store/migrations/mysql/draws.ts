import { Migration } from '@mikro-orm/migrations';

const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class Draws extends Migration {
  override name = 'draws';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(`create table if not exists draw (
      activity_id varchar(64) not null,
      seed varchar(64) not null,
      commitment varchar(64) not null,
      entries bigint not null,
      chain varchar(40) not null,
      closed tinyint(1) not null,
      root varchar(64) null,
      primary key (activity_id)
    ) ${OPTIONS}`);
    this.addSql(`create table if not exists draw_page (
      activity_id varchar(64) not null,
      first bigint not null,
      leaves text not null,
      primary key (activity_id, first)
    ) ${OPTIONS}`);
  }
}
