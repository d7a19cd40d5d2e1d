import { Migration } from '@mikro-orm/migrations';

export class LapseLifts extends Migration {
  override name = 'lapse-lifts';

  override up(): void {
    this.addSql(`create table if not exists lapse_lift (
      activity_id text not null check (length(activity_id) <= 64),
      user_id text not null check (length(user_id) <= 128),
      lifted_at integer not null,
      lifts integer not null,
      primary key (activity_id, user_id)
    ) strict`);
    this.addSql('create index if not exists lapse_lift_user on lapse_lift (user_id)');
  }
}
