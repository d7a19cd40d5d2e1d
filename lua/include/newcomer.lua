-- The places of one device in an activity: tags of its users, spaces between, at most `limit` of
-- them; nil where nobody counts. Tells whether this user has one of them now.
local function take_device_place(key, device, user, limit, lifetime)
  if not limit then return true end
  local users, count = redis.call('HGET', key, device), 0
  for tag in string.gmatch(users or '', '%S+') do
    if tag == user then return true end
    count = count + 1
  end
  if count >= limit then return false end
  redis.call('HSET', key, device, users and users .. ' ' .. user or user)
  redis.call('PEXPIREAT', key, lifetime)
  return true
end
-- Why nobody new may stand in the line with `waiting` people behind its tokens, or nil: then the
-- device has the place. `joins` is '1' where newcomers may join; `device` is key, name, user, most.
local function refuse_newcomer(line, joins, waiting, device)
  if joins ~= '1' then return { 'closed' } end
  if waiting > line.limit then return { 'line_full' } end
  local most = tonumber(device[4])
  if not take_device_place(device[1], device[2], device[3], most, line.lifetime) then
    return { 'device_full' }
  end
  return nil
end
