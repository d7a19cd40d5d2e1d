-- Writes the line's clock, and opens the line where there is none. The only writer of the clock.
-- KEYS: line_clock, token_bucket, token_bucket_last, token_bucket_rem, came, call_log
-- ARGV: 1 activity id, 2 term, 3 speed, 4 virtual until, 5 rate per second, 6 capacity,
--       7 window ms, 8 start ms, 9 end ms, 10 queue limit, 11 virtual ms to go on from,
--       12 highest turn given out, 13 lifetime of the keys, epoch ms, 14 call log or '' to leave
--       it, 15 how many of the turns in `came` that log has counted,
--       16 what decided the speed, one word for operators
-- Answers: {'set' | 'opened', virtual at, real at, version} or {'superseded', term}
-- Opened anew (first load, or a Redis that lost it) the line goes on behind the highest turn: all
-- turns up to it are taken for given. `waited` counts the places that were told to wait since.
-- @include whole
-- @include now
-- @include clock
local activity_id, term = ARGV[1], tonumber(ARGV[2])
local virtual_until, rate, capacity = tonumber(ARGV[4]), tonumber(ARGV[5]), tonumber(ARGV[6])
local start_at, frontier, lifetime = tonumber(ARGV[8]), tonumber(ARGV[12]), ARGV[13]
local now = now_ms()

local old = redis.call('HMGET', KEYS[1], 'activityId', 'virtualAt', 'realAt', 'speed',
  'virtualUntil', 'term', 'version')
local known = old[1] == activity_id
if known and tonumber(old[6]) > term then
  return { 'superseded', tonumber(old[6]) }
end

local virtual_at, version = tonumber(ARGV[11]), 1
if known then
  virtual_at = virtual_time(tonumber(old[2]), tonumber(old[3]), tonumber(old[4]),
    tonumber(old[5]), now)
  version = tonumber(old[7]) + 1
end
-- Before the start virtual time stands at zero, whatever the speed.
local real_at = math.max(now, start_at)
virtual_until = math.max(virtual_until, virtual_at)

if not known then redis.call('DEL', KEYS[1], KEYS[5], KEYS[6]) end
redis.call('HSET', KEYS[1], 'activityId', activity_id, 'virtualAt', whole(virtual_at),
  'realAt', whole(real_at), 'speed', ARGV[3], 'virtualUntil', whole(virtual_until),
  'term', whole(term), 'version', whole(version), 'rate', whole(rate),
  'capacity', whole(capacity), 'window', ARGV[7], 'startAt', ARGV[8], 'endAt', ARGV[9],
  'queueLimit', ARGV[10], 'lifetime', lifetime, 'reason', ARGV[16])
redis.call('PEXPIREAT', KEYS[1], lifetime)
if not known or redis.call('EXISTS', KEYS[2], KEYS[3], KEYS[4]) < 3 then
  local waiting = math.max(0, math.ceil((frontier - virtual_at) * rate / 1000))
  -- After turns were given out nothing is refilled at one blow; `last` is above zero then.
  local balance = frontier > 0 and -waiting or capacity
  local last = frontier > 0 and math.max(1, virtual_at) or 0
  redis.call('SET', KEYS[2], whole(balance), 'PXAT', lifetime)
  redis.call('SET', KEYS[3], whole(last), 'PXAT', lifetime)
  redis.call('SET', KEYS[4], '0', 'PXAT', lifetime)
  redis.call('HSET', KEYS[1], 'waited', whole(waiting))
end
if ARGV[14] ~= '' then
  redis.call('SET', KEYS[6], ARGV[14], 'PXAT', lifetime)
  redis.call('LTRIM', KEYS[5], tonumber(ARGV[15]), -1)
end
return { known and 'set' or 'opened', virtual_at, real_at, version }
