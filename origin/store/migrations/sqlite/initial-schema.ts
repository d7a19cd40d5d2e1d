import { Migration } from '@mikro-orm/migrations';

// Tables are STRICT and widths are checked, so that SQLite refuses what MySQL would refuse.
export class InitialSchema extends Migration {
  override name = 'initial-schema';

  override up(): void {
    for (const statement of STATEMENTS) this.addSql(statement);
  }
}

const STATEMENTS = [
  `create table if not exists sku (
    sku_id text not null check (length(sku_id) <= 32),
    primary key (sku_id)
  ) strict`,
  `create table if not exists activity (
    activity_id text not null check (length(activity_id) <= 64),
    sku_id text not null check (length(sku_id) <= 32),
    title text not null check (length(title) <= 200),
    stock integer not null,
    price integer not null,
    currency text not null check (length(currency) <= 3),
    limit_per_user integer not null,
    rate_per_second integer not null,
    capacity integer not null,
    queue_limit integer not null,
    entry_opens_at integer not null,
    start_at integer not null,
    end_at integer not null,
    ticket_window_seconds integer not null,
    payment_window_seconds integer not null,
    challenge_at integer not null,
    deny_at integer not null,
    state text not null check (length(state) <= 16),
    paused integer not null,
    version integer not null,
    created_at integer not null,
    updated_at integer not null,
    epoch integer not null,
    run_id text not null check (length(run_id) <= 64),
    epoch_taken integer not null,
    epoch_announced integer not null,
    rebuild_term integer not null,
    fence_epoch integer not null,
    fence_reason text check (length(fence_reason) <= 500),
    virtual_at integer not null,
    frontier integer not null,
    primary key (activity_id)
  ) strict`,
  'create index if not exists activity_sku_start on activity (sku_id, start_at)',
  'create index if not exists activity_state on activity (state)',
  `create table if not exists applied (
    activity_id text not null check (length(activity_id) <= 64),
    epoch integer not null,
    seq integer not null,
    sold integer not null,
    stock integer not null,
    alarm_epoch integer not null,
    alarm text check (length(alarm) <= 500),
    primary key (activity_id)
  ) strict`,
  `create table if not exists orders (
    order_id text not null check (length(order_id) <= 64),
    activity_id text not null check (length(activity_id) <= 64),
    sku_id text not null check (length(sku_id) <= 32),
    user_id text not null check (length(user_id) <= 128),
    quantity integer not null,
    amount integer not null,
    currency text not null check (length(currency) <= 3),
    status text not null check (length(status) <= 16),
    reason text check (length(reason) <= 32),
    epoch integer not null,
    seq integer not null,
    created_at integer not null,
    pay_by integer not null,
    recorded_at integer not null,
    primary key (order_id)
  ) strict`,
  'create index if not exists orders_user on orders (activity_id, user_id)',
  'create index if not exists orders_activity on orders (activity_id, order_id)',
  `create table if not exists dead_letter (
    id integer primary key autoincrement,
    identity text not null check (length(identity) <= 64),
    type text check (length(type) <= 16),
    activity_id text check (length(activity_id) <= 64),
    sku_id text check (length(sku_id) <= 32),
    order_id text check (length(order_id) <= 64),
    user_id text check (length(user_id) <= 128),
    quantity integer not null,
    epoch integer,
    seq integer,
    text text not null,
    reason text not null check (length(reason) <= 500),
    position text not null check (length(position) <= 300),
    attempts integer not null,
    created_at integer not null,
    decision text check (length(decision) <= 16),
    decided_at integer,
    copied_at integer,
    unique (identity)
  ) strict`,
  'create index if not exists dead_letter_order on dead_letter (order_id)',
  'create index if not exists dead_letter_activity on dead_letter (activity_id, type, decision)',
  'create index if not exists dead_letter_copied on dead_letter (copied_at, id)',
  `create table if not exists leader_term (
    job text not null check (length(job) <= 128),
    term integer not null,
    primary key (job)
  ) strict`,
];
