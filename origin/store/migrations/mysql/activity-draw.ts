import { Migration } from '@mikro-orm/migrations';
import { addColumns } from './add-columns.ts';

export class ActivityDraw extends Migration {
  override name = 'activity-draw';

  override isTransactional(): boolean {
    return false;
  }

  override async up(): Promise<void> {
    await addColumns(this, 'activity', {
      draw: 'tinyint(1) not null default 0',
      beacon: 'varchar(200) null',
    });
  }
}
