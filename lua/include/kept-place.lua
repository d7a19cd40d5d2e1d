-- What stays of a place once its activity is closed, so that whoever bought is told of the order
-- also then: `ulid=activity id` and `>ulid` of an earlier order. `read_place` takes it for none.
local function kept_place(stored, activity_id)
  local place = read_place(stored, string.sub('...' .. activity_id, -3), 0)
  if not place or (place.entered == 0 and place.follows == '') then return nil end
  local tail = place.follows == '' and '' or '>' .. place.follows
  return place.ulid .. '=' .. activity_id .. tail
end
local function is_kept(stored)
  return stored and string.sub(stored, 27, 27) == '='
end
