-- Reserves stock for a batch of purchases of one SKU (at most 1,000), decided in order against
-- running values; the first write comes after the last decision.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status of each purchase,
--       user_purchase of each
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 '1' without room for
--       new orders, 5 lines `ulid traceparent` (of some), per purchase: 'ulid user', quantity
-- Answers: {'SEQUENCE HEAD', one text per purchase}: reserved, known STATUS FACTS (as it is now),
--          lapsed, limit_reached, sold_out, sold_out held (unpaid units may return), those of gate
--          and window. FACTS: user quantity amount created-at pay-by epoch sequence. HEAD: price
--          created-at pay-by epoch, of all new orders, which are numbered up to SEQUENCE.
-- A status gets its lifetime with its row, a user's count goes with the closing sweep: MSET is a
-- third of many SETs. And each string that is made here costs as much as finding a key.
-- @include whole
-- @include texts
-- @include now
-- @include gate
-- @include window
-- @include outbox
-- @include batch
-- @include due
-- @include add-due
-- @include places
-- @include keep-batches
local FIXED_KEYS, FIXED_ARGS, MAX_LAPSES = 8, 5, 2
local count, epoch, now = (#ARGV - FIXED_ARGS) / 2, ARGV[2], now_ms()
local statuses, first, last = {}, FIXED_KEYS + 1, FIXED_KEYS + count
if redis.call('EXISTS', unpack(KEYS, first, last)) > 0 then
  statuses = redis.call('MGET', unpack(KEYS, first, last))
end
local stored = redis.call('MGET', unpack(KEYS, last + 1))
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'paused', 'startAt', 'endAt',
  'limit', 'price', 'paymentWindow', 'lifetime', 'pending')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(facts, counters, ARGV[1], epoch, tonumber(ARGV[3]))
  or window(facts[4], facts[5], facts[6], ARGV[4], now)
local left, sequence = tonumber(counters[1] or 0), tonumber(counters[3] or 0)
local limit, price = tonumber(facts[7] or 0), tonumber(facts[8] or 0)
local pay_by, held = now + tonumber(facts[9] or 0), tonumber(facts[11] or 0)
local some_lapsed = redis.call('EXISTS', KEYS[8]) == 1
local function lapses_of(user) return tonumber(redis.call('HGET', KEYS[8], user) or 0) end
local head = table.concat({ whole(price), whole(now), whole(pay_by), epoch }, ' ')
local answers, writes, users, ours, batches, made = {}, {}, {}, {}, {}, 0
for i = 1, count do
  local status_key, user_key = KEYS[FIXED_KEYS + i], KEYS[last + i]
  local who, units = ARGV[FIXED_ARGS + 2 * i - 1], ARGV[FIXED_ARGS + 2 * i]
  local quantity, mine, answer = tonumber(units), users[user_key] or tonumber(stored[i] or 0), nil
  if ours[status_key] then
    answer = 'known PENDING ' .. facts_of(head, string.sub(ours[status_key], 28))
  elseif statuses[i] then
    answer = 'known ' .. statuses[i] .. ' ' .. (find_facts(KEYS[7], string.sub(who, 1, 26)) or '')
  elseif shut then
    answer = shut
  elseif some_lapsed and lapses_of(string.sub(who, 28)) >= MAX_LAPSES then
    answer = 'lapsed'
  elseif mine + quantity > limit then
    answer = 'limit_reached'
  elseif quantity > left then
    answer = held + made > 0 and 'sold_out held' or 'sold_out'
  else
    made, left, sequence, mine = made + 1, left - quantity, sequence + 1, mine + quantity
    local number = string.format('%d', sequence) -- half the price of '%.0f'
    local line = who .. ' ' .. units .. ' ' .. number
    users[user_key], ours[status_key], answer = mine, line, 'reserved'
    add_order(batches, epoch, number, line)
    writes[4 * made - 3], writes[4 * made - 2] = status_key, 'PENDING'
    writes[4 * made - 1], writes[4 * made] = user_key, text_of(mine)
  end
  answers[i + 1] = answer
end
answers[1] = whole(sequence) .. ' ' .. head
if made == 0 then return answers end
local bodies = bodies_of(batches)
append_entry(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now,
  { 'head', head, 'orders', table.concat(bodies, '\n'), 'traces', ARGV[5] })
redis.call('MSET', unpack(writes))
keep_batches(batches, head, bodies, KEYS[1], KEYS[6], KEYS[7], pay_by)
for key = 6, 7 do redis.call('PEXPIREAT', KEYS[key], facts[10]) end
redis.call('INCRBY', KEYS[3], whole(tonumber(counters[1]) - left))
redis.call('SET', KEYS[2], whole(left), 'KEEPTTL')
return answers
