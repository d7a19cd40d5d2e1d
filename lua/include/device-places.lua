-- The places of one device in an activity: a set of its users, at most `limit` of them; nil where
-- nobody counts. Tells whether this user has one of them now.
local function take_device_place(key, user, limit, lifetime)
  if not limit or redis.call('SISMEMBER', key, user) == 1 then return true end
  if redis.call('SCARD', key) >= limit then return false end
  redis.call('SADD', key, user)
  redis.call('PEXPIREAT', key, lifetime)
  return true
end
