-- The orders of a new batch wait for their payment.
local function add_due(activity_key, due_key, batch, pay_by, count)
  redis.call('ZADD', due_key, whole(pay_by * PER_BATCH + count), batch)
  redis.call('HINCRBY', activity_key, 'batches', 1)
  redis.call('HINCRBY', activity_key, 'pending', count)
end
