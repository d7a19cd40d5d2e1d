import { Migration } from '@mikro-orm/migrations';

export class Ledger extends Migration {
  override name = 'ledger';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(`create table if not exists ledger_page (
      id bigint not null auto_increment,
      activity_id varchar(64) not null,
      body mediumtext not null,
      head varchar(64) not null,
      primary key (id),
      key ledger_page_activity (activity_id, id)
    ) engine=InnoDB default character set utf8mb4 collate utf8mb4_bin`);
  }
}
