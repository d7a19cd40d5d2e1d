import { Migration } from '@mikro-orm/migrations';

export class Payments extends Migration {
  override name = 'payments';

  override up(): void {
    this.addSql(`create table if not exists payment (
      payment_id text not null check (length(payment_id) <= 128),
      order_id text not null check (length(order_id) <= 64),
      held_order_id text check (length(held_order_id) <= 64),
      amount integer not null,
      currency text not null check (length(currency) <= 3),
      state text not null check (length(state) <= 16),
      cause text check (length(cause) <= 32),
      paid_at integer not null,
      received_at integer not null,
      updated_at integer not null,
      attempts integer not null,
      next_attempt_at integer not null,
      primary key (payment_id),
      unique (held_order_id)
    ) strict`);
    this.addSql('create index if not exists payment_order on payment (order_id)');
    this.addSql('create index if not exists payment_due on payment (state, next_attempt_at)');
  }
}
