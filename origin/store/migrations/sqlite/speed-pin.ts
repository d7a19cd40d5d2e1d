import { Migration } from '@mikro-orm/migrations';

export class SpeedPin extends Migration {
  override name = 'speed-pin';

  override up(): void {
    this.addSql('alter table activity add column speed_pin integer');
  }
}
