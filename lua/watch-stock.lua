-- Compares an activity's units with each other; where they cannot be true, closes the fence at once.
-- KEYS: activity, stock, sold, seq, pending, orders, then per order of a sample: order_status
-- ARGV: 1 activity id, 2 epoch, then per batch of the sample: id, its text as it was read, how many
--       of the keys are its orders
-- Answers: 'closed' (the fence, another activity or another epoch: nothing was compared),
--          {'whole', sequence, sold, total}, {'broken', what}: counters-missing, negative, total,
--          pending-count, pending-sample
-- Counting every PENDING order would take too long. Their number and that of their batches are kept
-- apart from the index of what is due and compared with it (its sum, where it is short); of a sample
-- of batches the statuses themselves are counted.
-- @include whole
-- @include due
local FIXED_KEYS, MAX_SUMMED = 6, 5000
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'total', 'pending', 'batches')
if facts[1] ~= ARGV[1] or facts[2] ~= ARGV[2] or facts[3] ~= '' then return 'closed' end
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local stock, sold, sequence = tonumber(counters[1] or ''), tonumber(counters[2] or ''),
  tonumber(counters[3] or '')
local function broken_count()
  local pending, batches = tonumber(facts[5] or '') or -1, tonumber(facts[6] or '')
  if redis.call('ZCARD', KEYS[5]) ~= batches then return true end
  if batches > MAX_SUMMED then return pending < batches end
  local due, sum = redis.call('ZRANGE', KEYS[5], 0, -1, 'WITHSCORES'), 0
  for i = 2, #due, 2 do sum = sum + tonumber(due[i]) % PER_BATCH end
  return sum ~= pending
end
local function broken_sample()
  local key = FIXED_KEYS
  for i = 3, #ARGV, 3 do
    local pending = 0
    for _ = 1, tonumber(ARGV[i + 2]) do
      key = key + 1
      if redis.call('GET', KEYS[key]) == 'PENDING' then pending = pending + 1 end
    end
    -- An order that has left the batch since it was read is counted with another one.
    local is_whole = (redis.call('HGET', KEYS[6], ARGV[i]) or '') == ARGV[i + 1]
    local score = redis.call('ZSCORE', KEYS[5], ARGV[i])
    local listed = score and tonumber(score) % PER_BATCH or 0
    if is_whole and listed ~= pending then return true end
  end
  return false
end
local what
if not (stock and sold and sequence) then
  what = 'counters-missing'
elseif stock < 0 or sold < 0 or sequence < 0 then
  what = 'negative'
elseif stock + sold ~= tonumber(facts[4] or '') then
  what = 'total'
elseif broken_count() then
  what = 'pending-count'
elseif broken_sample() then
  what = 'pending-sample'
end
if not what then return { 'whole', sequence, sold, tonumber(facts[4]) } end

redis.call('HSET', KEYS[1], 'fence', 'watcher ' .. what)
-- As `close-fence`: the mark must outlive every doubt.
redis.call('PERSIST', KEYS[1])
return { 'broken', what }
