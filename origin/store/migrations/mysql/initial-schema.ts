import { Migration } from '@mikro-orm/migrations';

// MySQL and MariaDB commit each DDL statement by itself, so every statement may be repeated.
// Identifiers are case-sensitive: `utf8mb4_bin` compares bytes.
const OPTIONS = 'engine=InnoDB default character set utf8mb4 collate utf8mb4_bin';

export class InitialSchema extends Migration {
  override name = 'initial-schema';

  override isTransactional(): boolean {
    return false;
  }

  override up(): void {
    for (const table of TABLES) this.addSql(`create table if not exists ${table} ${OPTIONS}`);
  }
}

const TABLES = [
  `sku (
    sku_id varchar(32) not null,
    primary key (sku_id)
  )`,
  `activity (
    activity_id varchar(64) not null,
    sku_id varchar(32) not null,
    title varchar(200) not null,
    stock bigint not null,
    price bigint not null,
    currency varchar(3) not null,
    limit_per_user int not null,
    rate_per_second int not null,
    capacity int not null,
    queue_limit int not null,
    entry_opens_at bigint not null,
    start_at bigint not null,
    end_at bigint not null,
    ticket_window_seconds int not null,
    payment_window_seconds int not null,
    challenge_at int not null,
    deny_at int not null,
    state varchar(16) not null,
    paused tinyint(1) not null,
    version int not null,
    created_at bigint not null,
    updated_at bigint not null,
    epoch bigint not null,
    run_id varchar(64) not null,
    epoch_taken bigint not null,
    epoch_announced bigint not null,
    rebuild_term bigint not null,
    fence_epoch bigint not null,
    fence_reason varchar(500) null,
    virtual_at bigint not null,
    frontier bigint not null,
    primary key (activity_id),
    key activity_sku_start (sku_id, start_at),
    key activity_state (state)
  )`,
  `applied (
    activity_id varchar(64) not null,
    epoch bigint not null,
    seq bigint not null,
    sold bigint not null,
    stock bigint not null,
    alarm_epoch bigint not null,
    alarm varchar(500) null,
    primary key (activity_id)
  )`,
  `orders (
    order_id varchar(64) not null,
    activity_id varchar(64) not null,
    sku_id varchar(32) not null,
    user_id varchar(128) not null,
    quantity int not null,
    amount bigint not null,
    currency varchar(3) not null,
    status varchar(16) not null,
    reason varchar(32) null,
    epoch bigint not null,
    seq bigint not null,
    created_at bigint not null,
    pay_by bigint not null,
    recorded_at bigint not null,
    primary key (order_id),
    key orders_user (activity_id, user_id),
    key orders_activity (activity_id, order_id)
  )`,
  `dead_letter (
    id bigint not null auto_increment,
    identity varchar(64) not null,
    type varchar(16) null,
    activity_id varchar(64) null,
    sku_id varchar(32) null,
    order_id varchar(64) null,
    user_id varchar(128) null,
    quantity int not null,
    epoch bigint null,
    seq bigint null,
    text mediumtext not null,
    reason varchar(500) not null,
    position varchar(300) not null,
    attempts int not null,
    created_at bigint not null,
    decision varchar(16) null,
    decided_at bigint null,
    copied_at bigint null,
    primary key (id),
    unique key dead_letter_identity (identity),
    key dead_letter_order (order_id),
    key dead_letter_activity (activity_id, type, decision),
    key dead_letter_copied (copied_at, id)
  )`,
  `leader_term (
    job varchar(128) not null,
    term bigint not null,
    primary key (job)
  )`,
];
