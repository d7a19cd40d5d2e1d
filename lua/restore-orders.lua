-- Writes a page of orders anew from the database while the fence is closed.
-- KEYS: activity, pending, then per order: order_status, order
-- ARGV: 1 mark without its step, then per order: ulid, status, packed facts, payBy ms
-- Answers: 'restored' (repeatable), 'superseded'
-- @include whole
local GRACE_MS = 604800000
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
for i = 1, (#ARGV - 1) / 4 do
  local arg = 1 + 4 * (i - 1)
  local lifetime = whole(tonumber(ARGV[arg + 4]) + GRACE_MS)
  redis.call('SET', KEYS[1 + 2 * i], ARGV[arg + 2], 'PXAT', lifetime)
  redis.call('SET', KEYS[2 + 2 * i], ARGV[arg + 3], 'PXAT', lifetime)
  if ARGV[arg + 2] == 'PENDING' then
    redis.call('ZADD', KEYS[2], ARGV[arg + 4], ARGV[arg + 1])
  end
end
return 'restored'
