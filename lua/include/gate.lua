-- Why nothing may be reserved now, or nil: decided once for a batch, in the order that the
-- contract gives to refusals. `facts` are id, epoch, fence, paused, startAt, endAt; `counters`
-- are stock, sold, seq.
local function gate(facts, counters, activity_id, epoch, seen, now)
  if facts[3] and facts[3] ~= '' then return 'fenced closed' end
  if facts[1] ~= activity_id then return 'not_loaded' end
  if facts[2] ~= epoch then return 'fenced stale' end
  if not (counters[1] and counters[2] and counters[3]) then return 'not_loaded' end
  if tonumber(counters[3]) < seen then return 'fenced behind' end
  if facts[4] == '1' then return 'paused' end
  if now < tonumber(facts[5]) then return 'not_open' end
  if now >= tonumber(facts[6]) then return 'ended' end
  return nil
end
