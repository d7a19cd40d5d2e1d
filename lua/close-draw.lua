-- Closes the entries of a draw at the start, where nobody has come to do it.
-- KEYS: line_clock, draw, token_bucket, token_bucket_last
-- ARGV: 1 activity id
-- Answers: closed (also when repeated) | early (before the start) | no_line (no clock, bucket or
--   draw of this activity)
-- @include whole
-- @include now
-- @include clock
-- @include line
-- @include draw
local now = now_ms()
local line, draw = read_line(KEYS[1], ARGV[1], now), read_draw(KEYS[2], ARGV[1])
if not (line and draw) then return 'no_line' end
if not draw.key and now < line.start_at then return 'early' end
return close_draw(KEYS[2], draw, KEYS[1], { KEYS[3], KEYS[4] }, line.capacity) and 'closed'
  or 'no_line'
