import { Migration } from '@mikro-orm/migrations';
import { addColumns } from './add-columns.ts';

const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class ActivityChanges extends Migration {
  override name = 'activity-changes';

  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await addColumns(this, 'activity', {
      deleted_at: 'bigint null, add key activity_created (created_at, activity_id)',
    });
    this.addSql(`create table if not exists activity_change (
      id bigint not null auto_increment,
      activity_id varchar(64) not null,
      version int not null,
      action varchar(16) not null,
      actor varchar(128) not null,
      at bigint not null,
      diff mediumtext not null,
      primary key (id),
      key activity_change_activity (activity_id, id)
    ) ${OPTIONS}`);
  }
}
