-- Announces the new epoch in the outbox, behind everything that the old one left there.
-- KEYS: activity, outbox
-- ARGV: 1 mark without its step (`term epoch run-id`), 2 epoch
-- Answers: 'appended' (also when repeated), 'not_empty' (the relay has not emptied the outbox),
-- 'superseded' (the mark is another's)
-- @include whole
-- @include now
local mark = redis.call('HGET', KEYS[1], 'fence')
if mark == ARGV[1] .. ' announced' then return 'appended' end
if mark ~= ARGV[1] .. ' closed' then return 'superseded' end
if redis.call('XLEN', KEYS[2]) > 0 then return 'not_empty' end
redis.call('XADD', KEYS[2], ARGV[2] .. '-0', 'at', whole(now_ms()), 'events', 'epoch')
redis.call('HSET', KEYS[1], 'fence', ARGV[1] .. ' announced')
return 'appended'
