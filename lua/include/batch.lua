-- Orders are kept by batch: up to 16 that one call reserved stand in one text, its first line `price
-- created-at pay-by epoch`, then for each order `ulid user quantity sequence`, or `ulid FACTS` where
-- the first line does not tell. A status is followed by its order's batch: `PENDING 3-17`.
local function facts_in(text, ulid)
  local _, before = string.find(text, '\n' .. ulid .. ' ', 1, true)
  if not before then return nil end
  local line = string.match(text, '^[^\n]+', before + 1)
  local user, quantity, sequence = string.match(line, '^(%S+) (%d+) (%d+)$')
  if not user then return line end
  local price, times = string.match(text, '^(%d+) ([^\n]+)')
  return table.concat({ user, quantity, whole(tonumber(price) * tonumber(quantity)), times,
    sequence }, ' ')
end
-- What a stored status says: status, FACTS or nil, batch.
local function find_facts(stored, orders_key, ulid)
  local status, batch = string.match(stored or '', '^(%u+) (%S+)$')
  if not batch then return '' end
  return status, facts_in(redis.call('HGET', orders_key, batch) or '', ulid), batch
end
