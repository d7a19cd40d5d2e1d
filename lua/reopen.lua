-- Takes the mark of `begin-closing` back where the database would not close the activity.
-- KEYS: activity
-- ARGV: 1 activity id
-- Answers: 'open', 'other' (another mark or activity stands; nothing changed)
local facts = redis.call('HMGET', KEYS[1], 'id', 'fence')
if facts[1] ~= ARGV[1] or facts[2] ~= 'closing' then return 'other' end
redis.call('HSET', KEYS[1], 'fence', '')
return 'open'
