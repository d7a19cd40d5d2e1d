-- Reserves stock for a batch of purchases of one SKU, decided in order against running values;
-- the first write comes after the last decision.
-- KEYS: activity, stock, sold, seq, outbox, pending, then per purchase: order_status, order,
--       user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, then per purchase:
--       ulid, user id, quantity, traceparent or '-'
-- Answers: {sequence, one text per purchase}, where the text is one of
--   reserved SEQ CREATED_AT PAY_BY AMOUNT     known STATUS USER QUANTITY AMOUNT CREATED_AT PAY_BY
--   limit_reached  sold_out                     EPOCH SEQ (the order's present answer)
--   not_loaded  paused  not_open  ended
--   fenced closed (selling is stopped)  fenced stale (another epoch is open)
--   fenced behind (this server has lost events that the caller has seen)
-- One outbox entry holds all events of the batch; its id is `epoch-last sequence`.
-- @include whole
-- @include now
-- @include gate
-- @include outbox
local PURCHASE_ARGS, FIXED_ARGS, FIXED_KEYS, GRACE_MS = 4, 3, 6, 604800000
local count = (#ARGV - FIXED_ARGS) / PURCHASE_ARGS
local now = now_ms()
local stored = redis.call('MGET', unpack(KEYS, FIXED_KEYS + 1))
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'paused', 'startAt', 'endAt',
  'limit', 'price', 'paymentWindow', 'lifetime')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(facts, counters, ARGV[1], ARGV[2], tonumber(ARGV[3]), now)
local left, sequence = tonumber(counters[1] or 0), tonumber(counters[3] or 0)
local limit, price, pay_by = tonumber(facts[7] or 0), tonumber(facts[8] or 0), 0
if not shut then pay_by = now + tonumber(facts[9]) end

local answers, lines, orders, users, batch = { 0 }, {}, {}, {}, {}
for i = 1, count do
  local key, arg = FIXED_KEYS + 3 * (i - 1), FIXED_ARGS + PURCHASE_ARGS * (i - 1)
  local status_key, order_key, user_key = KEYS[key + 1], KEYS[key + 2], KEYS[key + 3]
  local ulid, user, quantity = ARGV[arg + 1], ARGV[arg + 2], tonumber(ARGV[arg + 3])
  local status, order = stored[3 * i - 2], stored[3 * i - 1]
  local mine = users[user_key] or tonumber(stored[3 * i] or 0)
  local twin = batch[status_key]
  local answer
  if twin then
    answer = 'known PENDING ' .. twin
  elseif status and order then
    answer = 'known ' .. status .. ' ' .. order
  elseif shut then
    answer = shut
  elseif mine + quantity > limit then
    answer = 'limit_reached'
  elseif quantity > left then
    answer = 'sold_out'
  else
    left, sequence, users[user_key] = left - quantity, sequence + 1, mine + quantity
    local amount = whole(price * quantity)
    local packed = table.concat({ user, whole(quantity), amount, whole(now), whole(pay_by),
      ARGV[2], whole(sequence) }, ' ')
    batch[status_key] = packed
    orders[#orders + 1] = { status_key, order_key, packed, ulid }
    lines[#lines + 1] = table.concat({ 'reserved', ulid, user, whole(quantity), amount,
      whole(pay_by), ARGV[arg + 4] }, ' ')
    answer = table.concat({ 'reserved', whole(sequence), whole(now), whole(pay_by), amount }, ' ')
  end
  answers[i + 1] = answer
end
answers[1] = sequence
if #orders == 0 then return answers end

local due = {}
for i, order in ipairs(orders) do
  redis.call('SET', order[1], 'PENDING', 'PXAT', whole(pay_by + GRACE_MS))
  redis.call('SET', order[2], order[3], 'PXAT', whole(pay_by + GRACE_MS))
  due[2 * i - 1], due[2 * i] = whole(pay_by), order[4]
end
for user_key, taken in pairs(users) do
  redis.call('SET', user_key, whole(taken), 'PXAT', facts[10])
end
redis.call('ZADD', KEYS[6], unpack(due))
redis.call('INCRBY', KEYS[3], whole(tonumber(counters[1]) - left))
redis.call('SET', KEYS[2], whole(left), 'KEEPTTL')
append_events(KEYS[4], KEYS[5], ARGV[2], sequence, now, lines)
return answers
