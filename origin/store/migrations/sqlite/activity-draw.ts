import { Migration } from '@mikro-orm/migrations';

export class ActivityDraw extends Migration {
  override name = 'activity-draw';

  override up(): void {
    this.addSql('alter table activity add column draw integer not null default 0');
    this.addSql('alter table activity add column beacon text check (length(beacon) <= 200)');
  }
}
