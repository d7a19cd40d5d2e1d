-- The order that a script changes, found behind the gate, or the answer that ends the call. `wanted`
-- names the statuses that the script changes. Keys 1 to 10 and arguments 1 to 5 are the same in each.
local function find_order(wanted)
  local activity = redis.call('HMGET', KEYS[1], 'id', 'epoch', 'fence', 'lifetime')
  local counters = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
  local shut = gate(activity, counters, ARGV[1], ARGV[2], tonumber(ARGV[3]))
  if shut then return shut end
  local status, facts, batch = redis.call('GET', KEYS[9]), find_facts(KEYS[7], ARGV[4])
  if not (status and facts) then return 'unknown' end
  local user, quantity = string.match(facts, '^(%S+) (%d+) ')
  if user ~= ARGV[5] then return 'unknown' end
  if not wanted[status] then return 'known ' .. status .. ' ' .. facts end
  return nil, { status = status, batch = batch, facts = facts, quantity = tonumber(quantity),
    sequence = tonumber(counters[3]) + 1, lifetime = activity[4] }
end
-- Gives an order another status; a PENDING one is due no more.
local function change_status(order, status)
  redis.call('SET', KEYS[9], status, 'KEEPTTL')
  if order.status == 'PENDING' then leave_due(KEYS[1], KEYS[6], order.batch) end
end
-- Frees the user's count; never below zero, for a count that is missing is none.
local function free_user(order)
  local left = tonumber(redis.call('GET', KEYS[10]) or 0) - order.quantity
  redis.call('SET', KEYS[10], whole(math.max(0, left)), 'KEEPTTL')
end
