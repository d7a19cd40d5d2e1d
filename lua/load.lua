-- Loads an activity's stock, once, where no key of the SKU stands.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed
-- ARGV: 1 activity id, 2 epoch, 3 stock, 4 start ms, 5 end ms, 6 limit per user, 7 price,
--       8 currency, 9 payment window ms, 10 lifetime of the keys, epoch ms
-- Answers: 'loaded' (also when this activity stands loaded in this epoch), 'occupied' (keys of
-- another activity or epoch stand; nothing changed)
-- The outbox has no lifetime: it is emptied by being relayed.
-- @include facts
local standing = redis.call('HMGET', KEYS[1], 'id', 'epoch')
if standing[1] == ARGV[1] and standing[2] == ARGV[2] and redis.call('EXISTS', KEYS[2]) == 1 then
  return 'loaded'
end
if redis.call('EXISTS', unpack(KEYS)) > 0 then return 'occupied' end
write_facts(KEYS[1], ARGV, '')
redis.call('SET', KEYS[2], ARGV[3], 'PXAT', ARGV[10])
redis.call('SET', KEYS[3], '0', 'PXAT', ARGV[10])
redis.call('SET', KEYS[4], '0', 'PXAT', ARGV[10])
return 'loaded'
