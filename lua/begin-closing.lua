-- Marks an activity whose events are all relayed and of which no order is pending, so that nothing
-- happens to its units any more: every script that changes them finds the fence closed.
-- KEYS: activity, stock, sold, seq, outbox, pending
-- ARGV: 1 activity id, 2 epoch, 3 number of the last event that the database has applied
-- Answers: 'closing' (also when repeated), 'busy outbox', 'busy pending', 'busy lag', and those of
-- the gate. `reopen` takes the mark back; without its end the activity is rebuilt.
-- @include gate
local facts = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence')
if facts[3] == 'closing' then facts[3] = '' end
local shut = gate(facts, redis.call('MGET', KEYS[2], KEYS[3], KEYS[4]), ARGV[1], ARGV[2], 0)
if shut then return shut end
if redis.call('XLEN', KEYS[5]) > 0 then return 'busy outbox' end
if redis.call('ZCARD', KEYS[6]) > 0 then return 'busy pending' end
if redis.call('GET', KEYS[4]) ~= ARGV[3] then return 'busy lag' end
redis.call('HSET', KEYS[1], 'fence', 'closing')
return 'closing'
