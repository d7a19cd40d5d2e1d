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
-- or {word} alone: not_open, ended, closed (a newcomer may not join), line_full, device_full, no_line
-- The turn of a place that was told to wait goes to `came` at its first call in its window.
-- @include whole
-- @include now
-- @include clock
-- @include line
-- @include bucket
-- @include entry-bucket
-- @include place
-- @include choose-place
-- @include newcomer
-- @include draw
-- @include draw-entry
-- @include draw-place
-- @include enter
local now, leaf, buckets = now_ms(), ARGV[12], { KEYS[2], KEYS[3], KEYS[4] }
local line = read_line(KEYS[1], ARGV[1], now)
if not line then return after_closing(redis.call('GET', KEYS[6]), ARGV[1], ARGV[3]) end
local virtual, device = line.virtual, { KEYS[7], ARGV[8], ARGV[9], ARGV[10] }
local sign = string.sub('...' .. ARGV[1], -3)
local tokens = entry_tokens(redis.call('GET', KEYS[5]), line.rate, line.capacity, now)
local place = choose_place(read_place(redis.call('GET', KEYS[6]), sign, line.window), ARGV[2],
  ARGV[3], { ARGV[4], ARGV[5], ARGV[6], ARGV[7] }, line.window)
local function finish(word)
  if word ~= 'confirming' then
    redis.call('SET', KEYS[6], write_place(place, sign))
  end
  if word == 'enter' or word == 'ready' then
    redis.call('SET', KEYS[5], write_entry_tokens(tokens, now), 'PXAT', line.lifetime)
  end
  return { word, place.ulid, place.turn or 0, place.till or 0, virtual, line.rate,
    math.floor(line.speed * 1000), place.follows, place.entry or -1 }
end
-- Without ticket or `again` a call repeats what its user has bought, whatever waits behind it.
local is_plain = place.follows ~= '' and ARGV[3] == '' and ARGV[4] == ''
if place.entered > 0 or is_plain then return finish(enter_again(place, tokens, now)) end
local draw = leaf ~= '' and read_draw(KEYS[9], ARGV[1]) or nil
if leaf ~= '' and not draw then return { 'no_line' } end
if place.entry and not has_entry(draw, KEYS[10], place.entry, leaf) then place.entry = nil end
if now < line.start_at then
  if not draw or now < draw.opens_at or (draw.key and not place.entry) then return { 'not_open' } end
  if place.entry then return finish('entered_draw') end
  local refusal = refuse_newcomer(line, ARGV[11], draw.count + 1 - line.capacity, device)
  if refusal then return refusal end
  add_entry(KEYS[9], KEYS[10], draw, leaf, line.lifetime)
  place.entry = draw.count
  return finish('entered_draw')
end
if now >= line.end_at then return { 'ended' } end
-- A step of its own, whatever becomes of this call: at the start the entries are closed.
local is_open = draw and not close_draw(KEYS[9], draw, KEYS[1], buckets, line.capacity)
if is_open then return { 'no_line' } end
if place.entry then
  place.turn, place.entry, place.waits = draw_turn(draw, place.entry, line), nil, true
  place.till = place.turn + line.window
end
if not place.turn or virtual > place.till then
  -- A place whose window has passed keeps its order id: it never entered, so no order bears it.
  local bucket, turn = take_turn(redis.call('MGET', unpack(buckets)), line, virtual)
  local refusal = not bucket and { 'no_line' } or refuse_newcomer(line, ARGV[11], -bucket[1], device)
  if refusal then return refusal end
  keep_bucket(buckets, bucket, line.lifetime)
  place.turn, place.till, place.waits = turn, turn + line.window, turn > virtual
  if place.waits then redis.call('HINCRBY', KEYS[1], 'waited', 1) end
elseif place.waits and place.turn <= virtual then
  place.waits = false
  tell_came(KEYS[8], place.turn, line.lifetime)
end
return finish(place.turn > virtual and 'wait' or enter(place, tokens, line, now))
