-- Sets the total of an activity's units; carries the wanted total, so that a repeat changes nothing.
-- KEYS: activity, stock, sold, seq, outbox
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 wanted total
-- Answers: 'adjusted SEQUENCE TOTAL' (also when that was the total: then nothing changed and the
--          sequence is the last one), 'below_sold SOLD' (nothing changed), and those of the gate
-- @include whole
-- @include now
-- @include gate
-- @include outbox
local activity = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'total')
local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
local shut = gate(activity, counters, ARGV[1], ARGV[2], tonumber(ARGV[3]))
if shut then return shut end
local wanted, sold, sequence = tonumber(ARGV[4]), tonumber(counters[2]), tonumber(counters[3])
if wanted == tonumber(activity[4]) then
  return 'adjusted ' .. whole(sequence) .. ' ' .. whole(wanted)
end
if wanted < sold then return 'below_sold ' .. whole(sold) end

append_entry(KEYS[4], KEYS[5], ARGV[1], ARGV[2], sequence + 1, now_ms(),
  { 'events', 'adjusted ' .. whole(wanted) })
redis.call('HSET', KEYS[1], 'total', whole(wanted))
redis.call('SET', KEYS[2], whole(wanted - sold), 'KEEPTTL')
return 'adjusted ' .. whole(sequence + 1) .. ' ' .. whole(wanted)
