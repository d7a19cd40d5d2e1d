-- The draw as it stands, nil where there is none of this activity; `key` is false until it is closed.
local function read_draw(name, activity_id)
  local fields = redis.call('HMGET', name, 'activityId', 'entryOpensAt', 'count', 'chain', 'seed',
    'beacon', 'key')
  if fields[1] ~= activity_id then return nil end
  return { opens_at = tonumber(fields[2]), count = tonumber(fields[3]), chain = fields[4],
    seed = fields[5], beacon = fields[6], key = fields[7] }
end
-- Closes the entries for good: what decides the places is fixed, and the bucket owes each entry a
-- turn. A bucket that was restored behind the highest turn given out has been through this before.
-- Repeated it changes nothing. Tells false where the bucket is lost.
local function close_draw(name, draw, clock_name, buckets, capacity)
  if draw.key then return true end
  local balance, last = unpack(redis.call('MGET', buckets[1], buckets[2]))
  if not (balance and last) then return false end
  draw.key = redis.sha1hex(table.concat({ 'draw-key', draw.seed, draw.chain, whole(draw.count),
    draw.beacon }, ':'))
  redis.call('HSET', name, 'key', draw.key)
  if last == '0' then
    redis.call('SET', buckets[1], whole(capacity - draw.count), 'KEEPTTL')
    redis.call('HINCRBY', clock_name, 'waited', draw.count)
  end
  return true
end
