-- Reserves stock for a batch of purchases of one SKU (at most 1,000), decided in order against
-- running values; the first write comes after the last decision.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status of each purchase,
--       user_purchase of each
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 '1' without room for
--       new orders, 5 lines `ulid traceparent` (of some), then the purchases: 'ulid quantity user'
-- Answers: {'SEQUENCE HEAD', one text per purchase}: reserved, known STATUS FACTS (as it is now),
--          lapsed, limit_reached, sold_out, sold_out held (unpaid units may return), those of gate
--          and window. FACTS: user quantity amount created-at pay-by epoch sequence. HEAD: price
--          created-at pay-by epoch of all new orders, and the sequence of the first one.
-- A status gets its lifetime with its row, a user's count goes with the closing sweep: MSET is a
-- third of many SETs. Of a purchase no string is made here: one costs as much as finding a key.
-- @include whole
-- @include texts
-- @include now
-- @include gate
-- @include window
-- @include outbox
-- @include batch
-- @include find-facts
-- @include due
-- @include add-due
-- @include places
-- @include keep-batches
local FIXED_KEYS, FIXED_ARGS, BEHIND_ULID, MAX_LAPSES = 8, 5, 28, 2
local count, epoch, now = #ARGV - FIXED_ARGS, ARGV[2], now_ms()
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
local first_number = sequence + 1
local shared = table.concat({ whole(price), whole(now), whole(pay_by), epoch }, ' ')
local head = shared .. ' ' .. whole(first_number)
local answers, lines, writes, users, ours, made = {}, {}, {}, {}, {}, 0
for i = 1, count do
  local line, status_key, user_key = ARGV[FIXED_ARGS + i], KEYS[FIXED_KEYS + i], KEYS[last + i]
  local quantity = tonumber(string.match(line, '^%d+', BEHIND_ULID))
  local mine, answer = users[user_key] or tonumber(stored[i] or 0), nil
  if ours[status_key] then
    local at = ours[status_key]
    answer = 'known PENDING ' .. facts_of(head, string.sub(lines[at], BEHIND_ULID), at)
  elseif statuses[i] then
    answer = 'known ' .. statuses[i] .. ' ' .. (find_facts(KEYS[7], string.sub(line, 1, 26)) or '')
  elseif shut then
    answer = shut
  elseif some_lapsed and lapses_of(string.match(line, '%S+$', BEHIND_ULID)) >= MAX_LAPSES then
    answer = 'lapsed'
  elseif mine + quantity > limit then
    answer = 'limit_reached'
  elseif quantity > left then
    answer = held + made > 0 and 'sold_out held' or 'sold_out'
  else
    made, left, sequence, mine = made + 1, left - quantity, sequence + 1, mine + quantity
    users[user_key], ours[status_key], lines[made], answer = mine, made, line, 'reserved'
    writes[4 * made - 3], writes[4 * made - 2] = status_key, 'PENDING'
    writes[4 * made - 1], writes[4 * made] = user_key, text_of(mine)
  end
  answers[i + 1] = answer
end
answers[1] = whole(sequence) .. ' ' .. head
if made == 0 then return answers end
append_entry(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now,
  { 'head', head, 'orders', table.concat(lines, '\n'), 'traces', ARGV[5] })
redis.call('MSET', unpack(writes))
keep_batches(lines, epoch, first_number, shared, KEYS[1], KEYS[6], KEYS[7], pay_by)
for key = 6, 7 do redis.call('PEXPIREAT', KEYS[key], facts[10]) end
redis.call('INCRBY', KEYS[3], whole(tonumber(counters[1]) - left))
redis.call('SET', KEYS[2], whole(left), 'KEEPTTL')
return answers
