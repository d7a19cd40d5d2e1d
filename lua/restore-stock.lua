-- Writes an activity's counters anew from the database; orders and users follow in batches.
-- KEYS: activity, stock, sold, seq, pending, lapsed
-- ARGV: 1..10 as `load` (3 is the total), 11 sold, 12 mark without its step, 13 paused '1' or '0'
-- Answers: 'restoring' (also when repeated), 'superseded'
-- @include whole
-- @include facts
local mark = redis.call('HGET', KEYS[1], 'fence')
if mark ~= ARGV[12] .. ' announced' and mark ~= ARGV[12] .. ' restoring' then
  return 'superseded'
end
write_facts(KEYS[1], ARGV, ARGV[12] .. ' restoring')
redis.call('HSET', KEYS[1], 'paused', ARGV[13])
redis.call('SET', KEYS[2], whole(tonumber(ARGV[3]) - tonumber(ARGV[11])), 'PXAT', ARGV[10])
redis.call('SET', KEYS[3], ARGV[11], 'PXAT', ARGV[10])
redis.call('SET', KEYS[4], '0', 'PXAT', ARGV[10])
redis.call('DEL', KEYS[5], KEYS[6])
return 'restoring'
