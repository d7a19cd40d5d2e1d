-- Takes an order out of the batch in which it stood; those behind it keep their lines.
local function leave_batch(orders_key, batch, text, ulid)
  local from, to = string.find(text, '\n' .. ulid .. ' [^\n]*')
  redis.call('HSET', orders_key, batch, string.sub(text, 1, from) .. string.sub(text, to + 1))
end
