-- Puts a part of a draw's entries back, in order, where Redis has lost them.
-- KEYS: draw, draw_entries
-- ARGV: 1 activity id, 2 index of the first, 3 lifetime of the keys, epoch ms, 4 entries, 32
--       hexadecimal digits each, one behind the other
-- Answers: restored | known (the draw stands: nothing is missing) | gap (others stand before it)
-- @include draw-entry
local first = tonumber(ARGV[2])
if redis.call('HGET', KEYS[1], 'activityId') == ARGV[1] then return 'known' end
if first > 0 and redis.call('LLEN', KEYS[2]) ~= first then return 'gap' end
if first == 0 then redis.call('DEL', KEYS[2]) end
for at = 1, #ARGV[4], 32 do
  redis.call('RPUSH', KEYS[2], bytes_of(string.sub(ARGV[4], at, at + 31)))
end
redis.call('PEXPIREAT', KEYS[2], ARGV[3])
return 'restored'
