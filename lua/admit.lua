-- The only way into the line: finds the user's place or makes it, lets it enter at its turn.
-- KEYS: line_clock, token_bucket, token_bucket_last, token_bucket_rem, entry_bucket, place, device
-- ARGV: 1 activity id, 2 fresh ulid, 3 ulid of the order that this purchase follows or '',
--       4 ulid, 5 turn, 6 until of a ticket that the caller has checked, or '',
--       7 user in the device's set of places, 8 how many that may hold or ''
-- Answers: {word, ulid, turn, until, virtual now, rate, speed x 1000, follows} with word
--   enter       forward it now                wait     its turn has not come
--   ready       turn has come, no entry token confirming  entered less than a second ago
--   paused      the clock stands still
-- or {word} alone: no_line (no clock of this activity), not_open, ended, line_full, device_full
-- @include whole
-- @include now
-- @include clock
-- @include bucket
-- @include entry-bucket
-- @include place
-- @include device-places
local clock = redis.call('HMGET', KEYS[1], 'activityId', 'virtualAt', 'realAt', 'speed',
  'virtualUntil', 'rate', 'capacity', 'window', 'startAt', 'endAt', 'queueLimit', 'lifetime')
if clock[1] ~= ARGV[1] then return { 'no_line' } end
local speed, rate, capacity = tonumber(clock[4]), tonumber(clock[6]), tonumber(clock[7])
local window, lifetime, most = tonumber(clock[8]), clock[12], tonumber(ARGV[8])
local now = now_ms()
local virtual = virtual_time(tonumber(clock[2]), tonumber(clock[3]), speed, tonumber(clock[5]), now)
local first, again = entry_tokens(redis.call('GET', KEYS[5]), rate, capacity, now)

local ulid, turn, till, entered, follows = choose_place(redis.call('GET', KEYS[6]), ARGV[2],
  ARGV[3], { ARGV[4], ARGV[5], ARGV[6] })

local function answer(word)
  return { word, ulid, turn, till, virtual, rate, math.floor(speed * 1000), follows }
end
local function keep()
  redis.call('SET', KEYS[6], write_place(ulid, turn, till, entered, follows), 'PXAT', lifetime)
end
local function spend()
  redis.call('SET', KEYS[5], write_entry_tokens(first, again, now), 'PXAT', lifetime)
end

-- Without ticket or `again` a call repeats what its user has bought, whatever waits behind it.
local is_plain = follows ~= '' and ARGV[3] == '' and ARGV[4] == ''
if entered > 0 or is_plain then
  if now - entered < 1000 or again < 10000 then return answer('confirming') end
  again = again - 10000
  if entered > 0 then entered = now end
  spend()
  keep()
  return answer('enter')
end
if now < tonumber(clock[9]) then return { 'not_open' } end
if now >= tonumber(clock[10]) then return { 'ended' } end

if not turn or virtual > till then
  -- A place whose window has passed keeps its order id: it never entered, so no order bears it.
  local bucket = redis.call('MGET', KEYS[2], KEYS[3], KEYS[4])
  if not (bucket[1] and bucket[2] and bucket[3]) then return { 'no_line' } end
  local balance, last, remainder
  balance, last, remainder, turn = take_turn(tonumber(bucket[1]), tonumber(bucket[2]),
    tonumber(bucket[3]), rate, capacity, virtual)
  if -balance > tonumber(clock[11]) then return { 'line_full' } end
  if not take_device_place(KEYS[7], ARGV[7], most, lifetime) then return { 'device_full' } end
  keep_bucket({ KEYS[2], KEYS[3], KEYS[4] }, { balance, last, remainder }, lifetime)
  till = turn + window
end

local word = 'wait'
if turn <= virtual and speed == 0 then
  word = 'paused'
elseif turn <= virtual and first >= 10000 then
  word, first, entered = 'enter', first - 10000, now
  spend()
elseif turn <= virtual then
  -- No token is not the buyer's fault: the window does not run out before the next try.
  word, till = 'ready', math.max(till, virtual + 5000)
end
keep()
return answer(word)
