-- One order of a batch is PENDING no more; the last one takes the batch out. A batch that is lost is
-- not made again: the watcher shall see that.
local function leave_due(activity_key, due_key, batch)
  local score = redis.call('ZADD', due_key, 'XX', 'INCR', -1, batch)
  if score and tonumber(score) % PER_BATCH == 0 then
    redis.call('ZREM', due_key, batch)
    redis.call('HINCRBY', activity_key, 'batches', -1)
  end
  redis.call('HINCRBY', activity_key, 'pending', -1)
end
