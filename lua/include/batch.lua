-- Orders are kept by batch: some of what one call reserved stands in one text, its first line `price
-- created-at pay-by epoch`, then for each order `ulid user quantity sequence`, or `ulid FACTS` where
-- the first line does not tell. An order stands in one batch. Which one, the field `@` with the first
-- ten letters of its ulid tells: ` BATCH:`, then two letters, the last, of each such order.
local function places_field(ulid) return '@' .. string.sub(ulid, 1, 10) end
local function facts_of(head, line)
  local user, quantity, sequence = string.match(line, '^(%S+) (%d+) (%d+)$')
  if not user then return line end
  local price, times = string.match(head, '^(%d+) (.+)')
  return table.concat({ user, quantity, whole(tonumber(price) * tonumber(quantity)), times,
    sequence }, ' ')
end
local function facts_in(text, ulid)
  local _, before = string.find(text, '\n' .. ulid .. ' ', 1, true)
  if not before then return nil end
  return facts_of(string.match(text, '^[^\n]+'), string.match(text, '^[^\n]+', before + 1))
end
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
