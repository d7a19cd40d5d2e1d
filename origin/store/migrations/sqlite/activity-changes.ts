import { Migration } from '@mikro-orm/migrations';

export class ActivityChanges extends Migration {
  override name = 'activity-changes';

  override up(): void {
    this.addSql('alter table activity add column deleted_at integer');
    this.addSql(
      'create index if not exists activity_created on activity (created_at, activity_id)',
    );
    this.addSql(`create table if not exists activity_change (
      id integer primary key autoincrement,
      activity_id text not null check (length(activity_id) <= 64),
      version integer not null,
      action text not null check (length(action) <= 16),
      actor text not null check (length(actor) <= 128),
      at integer not null,
      diff text not null
    ) strict`);
    this.addSql(
      'create index if not exists activity_change_activity on activity_change (activity_id, id)',
    );
  }
}
