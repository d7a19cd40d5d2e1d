-- The facts of an activity, from arguments in the order of `load`; `fence` is '' when open. `pending`
-- and `batches` count PENDING orders and their batches apart from the index of what is due.
local function write_facts(key, facts, fence)
  redis.call('HSET', key, 'id', facts[1], 'epoch', facts[2], 'total', facts[3],
    'startAt', facts[4], 'endAt', facts[5], 'limit', facts[6], 'price', facts[7],
    'currency', facts[8], 'paymentWindow', facts[9], 'lifetime', facts[10], 'fence', fence,
    'pending', '0', 'batches', '0')
  redis.call('PEXPIREAT', key, facts[10])
end
