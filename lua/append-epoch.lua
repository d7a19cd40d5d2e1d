-- Announces the new epoch in the outbox, behind everything that the old one left there. The fence
-- is closed, so nothing of the old epoch can follow; the stream's order is the log's order.
-- KEYS: activity, outbox
-- ARGV: 1 mark without its step (`term epoch run-id`), 2 epoch
-- Answers: 'appended' (also when repeated), 'superseded' (the mark is another's), 'blocked' (an entry
-- of a strange id stands in front, which the relay will bury: ask again). The id of a former one
-- would block an emptied stream for ever: an empty one begins anew.
-- @include whole
-- @include now
local mark, id = unpack(redis.call('HMGET', KEYS[1], 'fence', 'id'))
if mark == ARGV[1] .. ' announced' then return 'appended' end
if mark ~= ARGV[1] .. ' closed' then return 'superseded' end
if redis.call('XLEN', KEYS[2]) == 0 then redis.call('DEL', KEYS[2]) end
local added = redis.pcall('XADD', KEYS[2], ARGV[2] .. '-0', 'activity', id, 'at', whole(now_ms()),
  'events', 'epoch')
if type(added) == 'table' and added.err then
  if string.find(added.err, 'equal or smaller', 1, true) then return 'blocked' end
  return added
end
redis.call('HSET', KEYS[1], 'fence', ARGV[1] .. ' announced')
return 'appended'
