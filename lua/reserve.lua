-- Reserves stock for a batch of purchases of one SKU (at most 1,000), decided in order against
-- running values; the first write comes after the last decision.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, then per purchase:
--       order_status, user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 '1' without room for
--       new orders, then per purchase: ulid, user id, quantity, traceparent or '-'
-- Answers: {'SEQUENCE HEAD', one text per purchase}: reserved NUMBER, known STATUS FACTS (as it is
-- now), lapsed, limit_reached, sold_out, sold_out held (unpaid units may return), those of gate and
-- window. FACTS: user quantity amount created-at pay-by epoch sequence. HEAD: price created-at
-- pay-by epoch, of all new orders; NUMBER: its own sequence. A status gets its lifetime with its
-- row, a user's count goes with the closing sweep: MSET is a third of many SETs.
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
local FIXED_KEYS, FIXED_ARGS, MAX_LAPSES = 8, 4, 2
local count, epoch, now = (#ARGV - FIXED_ARGS) / 4, ARGV[2], now_ms()
local stored = redis.call('MGET', unpack(KEYS, FIXED_KEYS + 1))
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'paused', 'startAt', 'endAt',
  'limit', 'price', 'paymentWindow', 'lifetime', 'pending')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(facts, counters, ARGV[1], epoch, tonumber(ARGV[3]))
  or window(facts[4], facts[5], facts[6], ARGV[4], now)
local left, sequence = tonumber(counters[1] or 0), tonumber(counters[3] or 0)
local limit, price = tonumber(facts[7] or 0), tonumber(facts[8] or 0)
local pay_by = now + tonumber(facts[9] or 0)
local some_lapsed, held = redis.call('EXISTS', KEYS[8]) == 1, tonumber(facts[11] or 0)
local times, shared = whole(now) .. ' ' .. whole(pay_by) .. ' ' .. epoch, {}
local function shared_facts(quantity)
  shared[quantity] = shared[quantity] or table.concat({ '', whole(quantity),
    whole(price * quantity), times, '' }, ' ')
  return shared[quantity]
end
local answers, lines, writes, users, ours, batches, made = {}, {}, {}, {}, {}, {}, 0
local head = whole(price) .. ' ' .. times
for i = 1, count do
  local arg, status_key, user_key = FIXED_ARGS + 4 * i - 3, KEYS[7 + 2 * i], KEYS[8 + 2 * i]
  local ulid, user, quantity = ARGV[arg], ARGV[arg + 1], tonumber(ARGV[arg + 2])
  local mine, answer = users[user_key] or tonumber(stored[2 * i] or 0), nil
  if ours[status_key] then
    answer = 'known PENDING ' .. string.match(lines[ours[status_key]], '^%S+ %S+ %S+ (.+)')
  elseif stored[2 * i - 1] then
    answer = 'known ' .. stored[2 * i - 1] .. ' ' .. (find_facts(KEYS[7], ulid) or '')
  elseif shut then
    answer = shut
  elseif some_lapsed and tonumber(redis.call('HGET', KEYS[8], user) or 0) >= MAX_LAPSES then
    answer = 'lapsed'
  elseif mine + quantity > limit then
    answer = 'limit_reached'
  elseif quantity > left then
    answer = held + made > 0 and 'sold_out held' or 'sold_out'
  else
    made, left, sequence, users[user_key] = made + 1, left - quantity, sequence + 1, mine + quantity
    local number = string.format('%d', sequence) -- half the price of '%.0f'
    ours[status_key], answer = made, 'reserved ' .. number
    add_order(batches, head, epoch, number, ulid,
      ulid .. ' ' .. user .. ' ' .. ARGV[arg + 2] .. ' ' .. number)
    writes[4 * made - 3], writes[4 * made - 2] = status_key, 'PENDING'
    writes[4 * made - 1], writes[4 * made] = user_key, text_of(mine + quantity)
    lines[made] = 'reserved ' .. ulid .. ' ' .. ARGV[arg + 3] .. ' ' .. user
      .. shared_facts(quantity) .. number
  end
  answers[i + 1] = answer
end
answers[1] = whole(sequence) .. ' ' .. head
if made == 0 then return answers end
append_events(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now, lines)
redis.call('MSET', unpack(writes))
keep_batches(batches, KEYS[1], KEYS[6], KEYS[7], pay_by)
for key = 6, 7 do redis.call('PEXPIREAT', KEYS[key], facts[10]) end
redis.call('INCRBY', KEYS[3], whole(tonumber(counters[1]) - left))
redis.call('SET', KEYS[2], whole(left), 'KEEPTTL')
return answers
