-- Tells where the orders of new batches stand from now on, by the ulid that each line begins with.
-- What was told of other orders stays, unless `is_kept` says of its batch that it does not.
local function add_places(orders_key, batches, is_kept)
  local fields, added, sub, here = {}, {}, string.sub, nil
  for _, batch in ipairs(batches) do
    local last
    for _, line in ipairs(batch.lines) do
      local field = sub(line, 1, 10)
      if field ~= last then
        if not added[field] then
          fields[#fields + 1], added[field] = '@' .. field, {}
        end
        last, here = field, added[field]
        here[#here + 1] = ' ' .. batch.id .. ':'
      end
      here[#here + 1] = sub(line, 25, 26)
    end
  end
  local writes = {}
  for i, places in ipairs(redis.call('HMGET', orders_key, unpack(fields))) do
    if places and is_kept then
      places = string.gsub(places, ' ([^:]+):%S+', function(batch)
        return not is_kept(batch) and '' or nil
      end)
    end
    writes[2 * i - 1] = fields[i]
    writes[2 * i] = (places or '') .. table.concat(added[string.sub(fields[i], 2)])
  end
  redis.call('HSET', orders_key, unpack(writes))
end
