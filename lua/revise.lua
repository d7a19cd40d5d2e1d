-- Writes the terms of an activity that stands loaded, as the database has them now.
-- KEYS: activity, stock, sold, seq, pending, orders, lapsed
-- ARGV: 1 activity id, 2 epoch, 3 version of the terms, 4 start ms, 5 end ms, 6 limit per user,
--       7 price, 8 currency, 9 payment window ms, 10 lifetime of the keys, epoch ms,
--       11 paused '1' or '0'
-- Answers: 'revised' (also when repeated), 'older' (later terms stand), 'not_loaded' (another
-- activity stands here, or none), 'fenced' (closed, or another epoch is open). Stock is `adjust`'s.
local stored = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'version')
if stored[1] ~= ARGV[1] then return 'not_loaded' end
if (stored[3] and stored[3] ~= '') or stored[2] ~= ARGV[2] then return 'fenced' end
if tonumber(stored[4] or 0) > tonumber(ARGV[3]) then return 'older' end
redis.call('HSET', KEYS[1], 'version', ARGV[3], 'startAt', ARGV[4], 'endAt', ARGV[5],
  'limit', ARGV[6], 'price', ARGV[7], 'currency', ARGV[8], 'paymentWindow', ARGV[9],
  'lifetime', ARGV[10], 'paused', ARGV[11])
for _, key in ipairs(KEYS) do redis.call('PEXPIREAT', key, ARGV[10]) end
return 'revised'
