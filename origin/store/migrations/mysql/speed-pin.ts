import { Migration } from '@mikro-orm/migrations';
import { addColumns } from './add-columns.ts';

export class SpeedPin extends Migration {
  override name = 'speed-pin';

  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await addColumns(this, 'activity', { speed_pin: 'smallint null' });
  }
}
