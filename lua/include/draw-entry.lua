-- Entries of the draw. A leaf is the user's 16 bytes, in hex where it is an argument.
local function bytes_of(leaf)
  return (string.gsub(leaf, '%x%x', function(digits) return string.char(tonumber(digits, 16)) end))
end
-- Whether the draw knows this user's leaf as that entry: an index that Redis gave out again after a
-- loss may be somebody else's.
local function has_entry(draw, list, index, leaf)
  return draw ~= nil and redis.call('LINDEX', list, index) == bytes_of(leaf)
end
-- Appends the next entry and moves count and running hash (shared/draw.ts, nextChain).
local function add_entry(name, list, draw, leaf, lifetime)
  redis.call('HSET', name, 'count', whole(draw.count + 1),
    'chain', redis.sha1hex(draw.chain .. ':' .. leaf))
  if redis.call('RPUSH', list, bytes_of(leaf)) == 1 then
    redis.call('PEXPIREAT', list, lifetime)
  end
end
