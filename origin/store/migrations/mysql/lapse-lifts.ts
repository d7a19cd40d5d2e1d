import { Migration } from '@mikro-orm/migrations';

const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class LapseLifts extends Migration {
  override name = 'lapse-lifts';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(`create table if not exists lapse_lift (
      activity_id varchar(64) not null,
      user_id varchar(128) not null,
      lifted_at bigint not null,
      lifts int not null,
      primary key (activity_id, user_id),
      key lapse_lift_user (user_id)
    ) ${OPTIONS}`);
  }
}
