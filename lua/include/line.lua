-- The line of this activity as its clock tells at the real moment `now`; nil where there is none.
local function read_line(name, activity_id, now)
  local fields = redis.call('HMGET', name, 'activityId', 'virtualAt', 'realAt', 'speed',
    'virtualUntil', 'rate', 'capacity', 'window', 'startAt', 'endAt', 'queueLimit', 'lifetime')
  if fields[1] ~= activity_id then return nil end
  local n = {}
  for index = 2, 11 do n[index] = tonumber(fields[index]) end
  return { speed = n[4], rate = n[6], capacity = n[7], window = n[8], start_at = n[9],
    end_at = n[10], limit = n[11], lifetime = fields[12],
    virtual = virtual_time(n[2], n[3], n[4], n[5], now) }
end
-- Tells the leader that a called place has come: its turn joins the list, which the leader empties.
local function tell_came(key, turn, lifetime)
  if redis.call('RPUSH', key, whole(turn)) == 1 then
    redis.call('PEXPIREAT', key, lifetime)
  end
end
