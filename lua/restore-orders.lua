-- Writes a page of orders anew from the database while the fence is closed.
-- KEYS: activity, pending, orders, then per order: order_status
-- ARGV: 1 mark without its step, 2 lifetime of the shared keys, epoch ms, 3 what the ids of this
--       rebuild's batches begin with, then per batch: id, text, place in the index of what is due
--       or '' (none of it is PENDING), how many orders, and per order: ulid, status, lifetime
-- Answers: 'restored' (repeatable), 'superseded'
-- @include whole
-- @include batch
-- @include places
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
local batches, here, writes, arg, key = {}, {}, {}, 4, 3
while arg <= #ARGV do
  local batch = { id = ARGV[arg], lines = {} }
  batches[#batches + 1], here[batch.id] = batch, true
  writes[#writes + 1], writes[#writes + 2] = batch.id, ARGV[arg + 1]
  if ARGV[arg + 2] ~= '' then redis.call('ZADD', KEYS[2], ARGV[arg + 2], batch.id) end
  local count = tonumber(ARGV[arg + 3])
  for i = 1, count do
    local order = arg + 1 + 3 * i
    key, batch.lines[i] = key + 1, ARGV[order]
    redis.call('SET', KEYS[key], ARGV[order + 1], 'PXAT', ARGV[order + 2])
  end
  arg = arg + 4 + 3 * count
end
-- Those of before the rebuild are over, and this call may be a repetition.
add_places(KEYS[3], batches, function(batch)
  return string.sub(batch, 1, #ARGV[3]) == ARGV[3] and not here[batch]
end)
redis.call('HSET', KEYS[3], unpack(writes))
for i = 2, 3 do redis.call('PEXPIREAT', KEYS[i], ARGV[2]) end
return 'restored'
