-- Reserves stock for a batch of purchases of one SKU, decided in order against running values;
-- the first write comes after the last decision.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, then per purchase: order_status,
--       user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, then per purchase:
--       ulid, user id, quantity, traceparent or '-'
-- Answers: {sequence, one text per purchase}: reserved FACTS, known STATUS FACTS (the order's
-- present answer), limit_reached, sold_out, not_loaded, paused, not_open, ended, fenced closed,
-- fenced stale (another epoch is open), fenced behind (this server lost events seen before).
-- FACTS: user quantity amount created-at pay-by epoch sequence
-- order_status gets its lifetime when the order has its row, user_purchase by the closing sweep:
-- one MSET here costs a third of a SET with lifetime for each.
-- @include whole
-- @include now
-- @include gate
-- @include outbox
local FIXED_KEYS, FIXED_ARGS = 7, 3
local count, epoch, now = (#ARGV - FIXED_ARGS) / 4, ARGV[2], now_ms()
local stored = redis.call('MGET', unpack(KEYS, FIXED_KEYS + 1))
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'paused', 'startAt', 'endAt',
  'limit', 'price', 'paymentWindow', 'lifetime')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(facts, counters, ARGV[1], epoch, tonumber(ARGV[3]), now)
local left, sequence = tonumber(counters[1] or 0), tonumber(counters[3] or 0)
local limit, price, pay_by = tonumber(facts[7] or 0), tonumber(facts[8] or 0), 0
if not shut then pay_by = now + tonumber(facts[9]) end

local shared = {}
local function shared_facts(quantity)
  local text = shared[quantity]
  if not text then
    text = table.concat({ '', whole(quantity), whole(price * quantity), whole(now),
      whole(pay_by), epoch, '' }, ' ')
    shared[quantity] = text
  end
  return text
end

local answers, lines, orders, writes, pending, users, batch = { 0 }, {}, {}, {}, {}, {}, {}
local made, due = 0, whole(pay_by)
for i = 1, count do
  local arg, status_key, user_key = FIXED_ARGS + 4 * i - 3, KEYS[6 + 2 * i], KEYS[7 + 2 * i]
  local ulid, quantity = ARGV[arg], tonumber(ARGV[arg + 2])
  local mine = users[user_key] or tonumber(stored[2 * i] or 0)
  local answer
  if batch[status_key] then
    answer = 'known PENDING ' .. batch[status_key]
  elseif stored[2 * i - 1] then
    answer = 'known ' .. stored[2 * i - 1] .. ' ' .. (redis.call('HGET', KEYS[7], ulid) or '')
  elseif shut then
    answer = shut
  elseif mine + quantity > limit then
    answer = 'limit_reached'
  elseif quantity > left then
    answer = 'sold_out'
  else
    made, left, sequence, users[user_key] = made + 1, left - quantity, sequence + 1, mine + quantity
    local order = ARGV[arg + 1] .. shared_facts(quantity) .. sequence
    batch[status_key] = order
    pending[2 * made - 1], pending[2 * made] = due, ulid
    orders[2 * made - 1], orders[2 * made] = ulid, order
    writes[4 * made - 3], writes[4 * made - 2] = status_key, 'PENDING'
    writes[4 * made - 1], writes[4 * made] = user_key, mine + quantity
    lines[made] = 'reserved ' .. ulid .. ' ' .. ARGV[arg + 3] .. ' ' .. order
    answer = 'reserved ' .. order
  end
  answers[i + 1] = answer
end
answers[1] = sequence
if made == 0 then return answers end

redis.call('MSET', unpack(writes))
redis.call('HSET', KEYS[7], unpack(orders))
redis.call('ZADD', KEYS[6], unpack(pending))
redis.call('PEXPIREAT', KEYS[6], facts[10])
redis.call('PEXPIREAT', KEYS[7], facts[10])
redis.call('INCRBY', KEYS[3], whole(tonumber(counters[1]) - left))
redis.call('SET', KEYS[2], whole(left), 'KEEPTTL')
append_events(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now, lines)
return answers
