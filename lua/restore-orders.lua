-- Writes a page of orders anew from the database while the fence is closed.
-- KEYS: activity, pending, orders, then per order: order_status
-- ARGV: 1 mark without its step, 2 lifetime of the shared keys, epoch ms, then per order: ulid,
--       status, packed facts, payBy ms
-- Answers: 'restored' (repeatable), 'superseded'
-- @include whole
local GRACE_MS = 604800000
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
for i = 1, (#ARGV - 2) / 4 do
  local arg = 2 + 4 * (i - 1)
  local lifetime = whole(tonumber(ARGV[arg + 4]) + GRACE_MS)
  redis.call('SET', KEYS[3 + i], ARGV[arg + 2], 'PXAT', lifetime)
  redis.call('HSET', KEYS[3], ARGV[arg + 1], ARGV[arg + 3])
  if ARGV[arg + 2] == 'PENDING' then
    redis.call('ZADD', KEYS[2], ARGV[arg + 4], ARGV[arg + 1])
  end
end
redis.call('PEXPIREAT', KEYS[3], ARGV[2])
return 'restored'
