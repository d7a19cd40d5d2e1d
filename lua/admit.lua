-- The only way into the line: finds the user's place or makes it, lets it enter at its turn.
-- KEYS: line_clock, token_bucket, token_bucket_last, token_bucket_rem, entry_bucket, place,
--       device_places, came, draw, draw_entries
-- ARGV: 1 activity id, 2 fresh ulid, 3 ulid of the order that this purchase follows or '',
--       4 ulid, 5 turn, 6 until, 7 draw entry of a ticket that the caller has checked, or '',
--       8 device, 9 user in its set of places, 10 how many that may hold or '',
--       11 '1' where newcomers may join, 12 leaf of the user, hex, '' without a draw
-- Answers: {word, ulid, turn, until, virtual now, rate, speed x 1000, follows, entry or -1}, word
--   enter       forward it now                wait     its turn has not come
--   ready       turn has come, no entry token confirming  entered less than a second ago
--   paused      the clock stands still        entered_draw  the draw will give it its turn
-- or {word} alone: no_line (no clock, or no draw, of this activity), not_open, ended, closed (a
-- newcomer may not join), line_full, device_full
-- The turn of a place that was told to wait goes to `came` at its first call in its window.
-- @include whole
-- @include now
-- @include clock
-- @include bucket
-- @include entry-bucket
-- @include place
-- @include choose-place
-- @include device-places
-- @include draw
-- @include draw-entry
-- @include draw-place
local clock = redis.call('HMGET', KEYS[1], 'activityId', 'virtualAt', 'realAt', 'speed',
  'virtualUntil', 'rate', 'capacity', 'window', 'startAt', 'endAt', 'queueLimit', 'lifetime')
if clock[1] ~= ARGV[1] then return { 'no_line' } end
local speed, rate, capacity = tonumber(clock[4]), tonumber(clock[6]), tonumber(clock[7])
local window, limit, lifetime = tonumber(clock[8]), tonumber(clock[11]), clock[12]
local leaf, now, buckets = ARGV[12], now_ms(), { KEYS[2], KEYS[3], KEYS[4] }
local virtual = virtual_time(tonumber(clock[2]), tonumber(clock[3]), speed, tonumber(clock[5]), now)
local first, again, refused = entry_tokens(redis.call('GET', KEYS[5]), rate, capacity, now)
local sign = string.sub('...' .. ARGV[1], -3)
local place = choose_place(read_place(redis.call('GET', KEYS[6]), sign, window), ARGV[2], ARGV[3],
  { ARGV[4], ARGV[5], ARGV[6], ARGV[7] }, window)

local function answer(word)
  return { word, place.ulid, place.turn or 0, place.till or 0, virtual, rate,
    math.floor(speed * 1000), place.follows, place.entry or -1 }
end
local function keep()
  redis.call('SET', KEYS[6], write_place(place, sign), 'PXAT', lifetime)
end
local function spend()
  redis.call('SET', KEYS[5], write_entry_tokens(first, again, now, refused), 'PXAT', lifetime)
end
-- Why nobody new may stand behind `waiting` others, or nil; takes the device's place.
local function refuse_newcomer(waiting)
  if ARGV[11] ~= '1' then return { 'closed' } end
  if waiting > limit then return { 'line_full' } end
  local most = tonumber(ARGV[10])
  if not take_device_place(KEYS[7], ARGV[8], ARGV[9], most, lifetime) then return { 'device_full' } end
end

-- Without ticket or `again` a call repeats what its user has bought, whatever waits behind it.
local is_plain = place.follows ~= '' and ARGV[3] == '' and ARGV[4] == ''
if place.entered > 0 or is_plain then
  if now - place.entered < 1000 or again < 10000 then return answer('confirming') end
  again = again - 10000
  if place.entered > 0 then place.entered = now end
  spend()
  keep()
  return answer('enter')
end
