import { Migration } from '@mikro-orm/migrations';

export class Draws extends Migration {
  override name = 'draws';

  override up(): void {
    this.addSql(`create table if not exists draw (
      activity_id text not null check (length(activity_id) <= 64),
      seed text not null check (length(seed) <= 64),
      commitment text not null check (length(commitment) <= 64),
      entries integer not null,
      chain text not null check (length(chain) <= 40),
      closed integer not null,
      root text check (length(root) <= 64),
      primary key (activity_id)
    ) strict`);
    this.addSql(`create table if not exists draw_page (
      activity_id text not null check (length(activity_id) <= 64),
      first integer not null,
      leaves text not null,
      primary key (activity_id, first)
    ) strict`);
  }
}
