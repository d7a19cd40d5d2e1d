-- Removes keys of an activity that is closed or has left its SKU, unless another one uses them now.
-- KEYS: 1 the hash that names the activity, then the keys to remove; 1 itself where it is to go too
-- ARGV: 1 activity id, 2 the field of KEYS[1] that names it,
--       3 '', or where the keys are places: for how many ms what is kept of those that entered stays
-- Answers: 'swept' (also when nothing stood), 'superseded' (another activity's: nothing changed)
-- @include place
-- @include kept-place
local lifetime = tonumber(ARGV[3])
local standing = redis.call('HGET', KEYS[1], ARGV[2])
if standing and standing ~= ARGV[1] then return 'superseded' end
for index = 2, #KEYS do
  local stored = lifetime and redis.call('GET', KEYS[index])
  local kept = stored and kept_place(stored, ARGV[1])
  if kept then
    redis.call('SET', KEYS[index], kept, 'PX', lifetime)
  elseif not is_kept(stored) then
    redis.call('UNLINK', KEYS[index])
  end
end
return 'swept'
