-- Removes keys of an activity that is closed or has left its SKU, unless another one uses them now.
-- KEYS: 1 the hash that names the activity, then the keys to remove; 1 itself where it is to go too
-- ARGV: 1 activity id, 2 the field of KEYS[1] that names it
-- Answers: 'swept' (also when nothing stood), 'superseded' (another activity's: nothing changed)
local standing = redis.call('HGET', KEYS[1], ARGV[2])
if standing and standing ~= ARGV[1] then return 'superseded' end
if #KEYS > 1 then redis.call('UNLINK', unpack(KEYS, 2)) end
return 'swept'
