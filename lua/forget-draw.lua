-- Removes a draw that went back, while it is still what its leader has seen: one that another leader
-- has put back since has entries that nobody else knows.
-- KEYS: draw
-- ARGV: 1 count, 2 running hash, as they were seen
-- Answers: forgotten | other (nothing changed)
local stands = redis.call('HMGET', KEYS[1], 'count', 'chain')
if stands[1] ~= ARGV[1] or stands[2] ~= ARGV[2] then return 'other' end
redis.call('DEL', KEYS[1])
return 'forgotten'
