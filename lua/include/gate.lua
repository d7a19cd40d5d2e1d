-- Why a caller may not change an activity now, or nil. `facts` are id, epoch, fence; `counters` are
-- stock, sold, seq; `seen` is the highest sequence that the caller has seen of its epoch.
-- not_loaded: another activity stands here; not_loaded missing: nothing, or not all of it.
local function gate(facts, counters, activity_id, epoch, seen)
  if facts[3] and facts[3] ~= '' then return 'fenced closed' end
  if not facts[1] then return 'not_loaded missing' end
  if facts[1] ~= activity_id then return 'not_loaded' end
  if facts[2] ~= epoch then return 'fenced stale' end
  if not (counters[1] and counters[2] and counters[3]) then return 'not_loaded missing' end
  if tonumber(counters[3]) < seen then return 'fenced behind' end
  return nil
end
