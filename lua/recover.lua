-- Gives an order its units again under the same id: one that a failure lost, or one CANCELLED that
-- was paid. Neither pause, end nor lapses matter, for it was sold once.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status, user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 ulid, 5 user id,
--       6 the wanted status (PENDING or PAID), 7 quantity, 8 created at, epoch ms, 9 epoch of the
--       receipt, 0 without one
-- Answers: 'recovered SEQUENCE FACTS'; 'known STATUS FACTS' (nothing to recover); 'refused WHY
--   FACTS' (it stays CANCELLED; nothing changed); 'lost SEQUENCE WHY FACTS' (nobody knew it:
--   recorded CANCELLED); 'fenced fork' (a receipt of this epoch, and no such order); those of the
--   gate. WHY: sold_out, limit_reached, late (asked for as PENDING behind its payBy)
-- @include whole
-- @include now
-- @include gate
-- @include outbox
-- @include batch
-- @include find-facts
-- @include due
-- @include add-due
-- @include places
-- @include leave-batch
local KEPT_MS, epoch, ulid, user, now = 604800000, ARGV[2], ARGV[4], ARGV[5], now_ms()
local activity = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'lifetime', 'limit', 'price',
  'paymentWindow')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(activity, counters, ARGV[1], epoch, tonumber(ARGV[3]))
if shut then return shut end
local status, found, former, text = redis.call('GET', KEYS[9]), find_facts(KEYS[7], ulid)
local is_paid, facts = ARGV[6] == 'PAID', status and found
local quantity, created = tonumber(ARGV[7]), tonumber(ARGV[8])
if facts then
  local owner, units, at = string.match(facts, '^(%S+) (%d+) %d+ (%d+) ')
  if not is_paid or status ~= 'CANCELLED' or owner ~= user then
    return 'known ' .. status .. ' ' .. facts
  end
  quantity, created = tonumber(units), tonumber(at)
elseif tonumber(ARGV[9]) >= tonumber(epoch) then
  return 'fenced fork'
end
local pay_by, left = created + tonumber(activity[7]), tonumber(counters[1])
local mine = tonumber(redis.call('GET', KEYS[10]) or 0)
local sequence, why = tonumber(counters[3]) + 1, nil
if not is_paid and now >= pay_by then
  why = 'late'
elseif mine + quantity > tonumber(activity[5]) then
  why = 'limit_reached'
elseif quantity > left then
  why = 'sold_out'
end
if why and facts then return 'refused ' .. why .. ' ' .. facts end

local lifetime = whole(math.max(pay_by, now) + KEPT_MS)
local order = table.concat({ user, whole(quantity), whole(tonumber(activity[6]) * quantity),
  whole(created), whole(pay_by), epoch, whole(sequence) }, ' ')
local batch = epoch .. '-' .. whole(sequence)
local function keep_facts()
  if former then leave_batch(KEYS[7], former, text, ulid) end
  redis.call('HSET', KEYS[7], batch, '-\n' .. ulid .. ' ' .. order)
  add_places(KEYS[7], { { id = batch, lines = { ulid } } })
  redis.call('PEXPIREAT', KEYS[7], activity[4])
end
if why then
  append_entry(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now,
    { 'events', 'cancelled ' .. ulid .. ' - ' .. order .. ' LOST_IN_FAILURE' })
  redis.call('SET', KEYS[9], 'CANCELLED', 'PXAT', lifetime)
  keep_facts()
  return 'lost ' .. whole(sequence) .. ' ' .. why .. ' ' .. order
end
local events = 'reserved ' .. ulid .. ' - ' .. order
if is_paid then sequence, events = sequence + 1, events .. '\npaid ' .. ulid .. ' - ' .. order end
append_entry(KEYS[4], KEYS[5], ARGV[1], epoch, sequence, now, { 'events', events })
keep_facts()
redis.call('SET', KEYS[9], ARGV[6], 'PXAT', lifetime)
redis.call('DECRBY', KEYS[2], quantity)
redis.call('INCRBY', KEYS[3], quantity)
redis.call('SET', KEYS[10], whole(mine + quantity), 'KEEPTTL')
if not is_paid then
  add_due(KEYS[1], KEYS[6], { due_score(pay_by, 1), batch }, 1)
  redis.call('PEXPIREAT', KEYS[6], activity[4])
end
return 'recovered ' .. whole(sequence) .. ' ' .. order
