-- FACTS or nil, batch, the batch's text. Two letters may be those of several orders.
local function find_facts(orders_key, ulid)
  local facts, found, text
  local places = redis.call('HGET', orders_key, places_field(ulid)) or ''
  for batch, letters in string.gmatch(places, ' ([^:]+):(%S+)') do
    if string.find(letters, string.sub(ulid, -2), 1, true) then
      local stored = redis.call('HGET', orders_key, batch) or ''
      local line = facts_in(stored, ulid)
      if line then facts, found, text = line, batch, stored end
    end
  end
  return facts, found, text
end
