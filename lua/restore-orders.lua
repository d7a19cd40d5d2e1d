-- Writes a page of orders anew from the database while the fence is closed.
-- KEYS: activity, pending, orders, then per order: order_status
-- ARGV: 1 mark without its step, 2 lifetime of the shared keys, epoch ms, 3 how many batches, then
--       per batch: id, text, place in the index of what is due or '' (none of it is PENDING), then
--       per order: status and batch, lifetime, epoch ms
-- Answers: 'restored' (repeatable), 'superseded'
local FIXED_ARGS, FIXED_KEYS = 3, 3
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
local batches = tonumber(ARGV[3])
for i = 1, batches do
  local arg = FIXED_ARGS + 3 * (i - 1)
  redis.call('HSET', KEYS[3], ARGV[arg + 1], ARGV[arg + 2])
  if ARGV[arg + 3] ~= '' then redis.call('ZADD', KEYS[2], ARGV[arg + 3], ARGV[arg + 1]) end
end
for i = 1, #KEYS - FIXED_KEYS do
  local arg = FIXED_ARGS + 3 * batches + 2 * (i - 1)
  redis.call('SET', KEYS[FIXED_KEYS + i], ARGV[arg + 1], 'PXAT', ARGV[arg + 2])
end
for key = 2, 3 do redis.call('PEXPIREAT', KEYS[key], ARGV[2]) end
return 'restored'
