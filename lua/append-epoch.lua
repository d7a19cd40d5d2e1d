-- Announces the new epoch in the outbox, behind everything that the old one left there. The fence
-- is closed, so nothing of the old epoch can follow; the stream's order is the log's order.
-- KEYS: activity, outbox
-- ARGV: 1 mark without its step (`term epoch run-id`), 2 epoch
-- Answers: 'appended' (also when repeated), 'superseded' (the mark is another's)
-- @include whole
-- @include now
local mark, id = unpack(redis.call('HMGET', KEYS[1], 'fence', 'id'))
if mark == ARGV[1] .. ' announced' then return 'appended' end
if mark ~= ARGV[1] .. ' closed' then return 'superseded' end
redis.call('XADD', KEYS[2], ARGV[2] .. '-0', 'activity', id, 'at', whole(now_ms()),
  'events', 'epoch')
redis.call('HSET', KEYS[1], 'fence', ARGV[1] .. ' announced')
return 'appended'
