-- Puts the draw of an activity where it is missing: new, or as the database knows it after a loss.
-- Its entries must stand first (restore-entries): nobody enters before this has been done.
-- KEYS: draw, draw_entries
-- ARGV: 1 activity id, 2 entries open ms, 3 seed, hex, 4 beacon or '', 5 entries, 6 running hash
--       over them, 7 lifetime of the keys, epoch ms
-- Answers: opened | known (it stands; nothing changed) | entries (not as many stand)
-- Until the first entry its terms may change: then it is opened again.
-- @include whole
local entries = tonumber(ARGV[5])
local old = redis.call('HMGET', KEYS[1], 'activityId', 'entryOpensAt', 'beacon', 'count', 'key')
local is_same = old[2] == whole(tonumber(ARGV[2])) and old[3] == ARGV[4]
if old[1] == ARGV[1] and (is_same or old[4] ~= '0' or old[5]) then return 'known' end
-- A list of the SKU's former activity goes where this one has none yet.
if entries > 0 and redis.call('LLEN', KEYS[2]) ~= entries then return 'entries' end
redis.call('DEL', KEYS[1])
if entries == 0 then redis.call('DEL', KEYS[2]) end
redis.call('HSET', KEYS[1], 'activityId', ARGV[1], 'entryOpensAt', whole(tonumber(ARGV[2])),
  'seed', ARGV[3], 'beacon', ARGV[4], 'count', whole(entries), 'chain', ARGV[6])
redis.call('PEXPIREAT', KEYS[1], ARGV[7])
return 'opened'
