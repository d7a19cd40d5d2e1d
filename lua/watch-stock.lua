-- Compares an activity's units with each other; where they cannot be true, closes the fence at once.
-- KEYS: activity, stock, sold, seq, pending, then per order of a sample: order_status
-- ARGV: 1 activity id, 2 epoch, then per order of the sample: ulid
-- Answers: 'closed' (the fence, another activity or another epoch: nothing was compared),
--          {'whole', sequence, sold, total}, {'broken', what}: counters-missing, negative, total,
--          pending-count, pending-sample
-- Counting every PENDING order would take too long: their number is kept apart from their index and
-- compared with its length, and a sample of orders is looked up in both.
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'total', 'pending')
if facts[1] ~= ARGV[1] or facts[2] ~= ARGV[2] or facts[3] ~= '' then return 'closed' end
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local stock, sold, sequence = tonumber(counters[1] or ''), tonumber(counters[2] or ''),
  tonumber(counters[3] or '')
local function broken_sample()
  for i = 3, #ARGV do
    local is_pending = redis.call('GET', KEYS[3 + i]) == 'PENDING'
    local is_indexed = redis.call('ZSCORE', KEYS[5], ARGV[i]) ~= false
    if is_pending ~= is_indexed then return true end
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
elseif redis.call('ZCARD', KEYS[5]) ~= tonumber(facts[5] or '') then
  what = 'pending-count'
elseif broken_sample() then
  what = 'pending-sample'
end
if not what then return { 'whole', sequence, sold, tonumber(facts[4]) } end

redis.call('HSET', KEYS[1], 'fence', 'watcher ' .. what)
-- As `close-fence`: the mark must outlive every doubt.
redis.call('PERSIST', KEYS[1])
return { 'broken', what }
