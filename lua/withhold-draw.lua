-- Takes back a draw that nobody has entered, so that its activity's terms may change: its leader
-- opens it anew, with the new ones.
-- KEYS: draw
-- ARGV: 1 activity id
-- Answers: 'withheld' (nobody can enter until it is opened again), 'entered' (somebody has, or its
-- entries are closed: nothing changed)
local draw = redis.call('HMGET', KEYS[1], 'activityId', 'count', 'key')
if draw[1] ~= ARGV[1] then return 'withheld' end
if draw[3] or tonumber(draw[2] or 0) > 0 then return 'entered' end
redis.call('DEL', KEYS[1])
return 'withheld'
