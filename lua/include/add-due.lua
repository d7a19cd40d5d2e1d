-- New batches wait for their payment: `due` are places in the index and ids in turn, `count` is the
-- number of their orders.
local function due_score(pay_by, pending)
  return whole(pay_by * PER_BATCH + pending)
end
local function add_due(activity_key, due_key, due, count)
  redis.call('ZADD', due_key, unpack(due))
  redis.call('HINCRBY', activity_key, 'batches', #due / 2)
  redis.call('HINCRBY', activity_key, 'pending', count)
end
