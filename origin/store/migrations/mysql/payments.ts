import { Migration } from '@mikro-orm/migrations';

const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class Payments extends Migration {
  override name = 'payments';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    this.addSql(`create table if not exists payment (
      payment_id varchar(128) not null,
      order_id varchar(64) not null,
      held_order_id varchar(64) null,
      amount bigint not null,
      currency varchar(3) not null,
      state varchar(16) not null,
      cause varchar(32) null,
      paid_at bigint not null,
      received_at bigint not null,
      updated_at bigint not null,
      attempts int not null,
      next_attempt_at bigint not null,
      primary key (payment_id),
      unique key payment_held (held_order_id),
      key payment_order (order_id),
      key payment_due (state, next_attempt_at)
    ) ${OPTIONS}`);
  }
}
