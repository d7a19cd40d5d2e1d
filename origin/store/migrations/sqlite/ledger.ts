import { Migration } from '@mikro-orm/migrations';

export class Ledger extends Migration {
  override name = 'ledger';

  override up(): void {
    this.addSql(`create table if not exists ledger_page (
      id integer primary key autoincrement,
      activity_id text not null check (length(activity_id) <= 64),
      body text not null,
      head text not null check (length(head) <= 64)
    ) strict`);
    this.addSql('create index if not exists ledger_page_activity on ledger_page (activity_id, id)');
  }
}
