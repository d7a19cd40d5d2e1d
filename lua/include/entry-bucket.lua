-- The entry bucket, in real time: what the origin gets at most. First entries refill at 1.1 x rate
-- with burst max(1, floor(0.9 C)), repeats at 0.1 x rate with burst max(1, ceil(0.1 C)). One token
-- is 10,000 units, so that every refill per millisecond is whole. Stored as `first repeat at` and,
-- once a first entry has found no token (`ready`), a fourth number: the epoch ms of the last one.
-- The line's leader reads it: the clock calls nobody while people who were called are turned away.
local function entry_tokens(stored, rate, capacity, now)
  local first_max = 10000 * math.max(1, math.floor(9 * capacity / 10))
  local repeat_max = 10000 * math.max(1, math.ceil(capacity / 10))
  if not stored then return { first = first_max, again = repeat_max } end
  local first, again, at, refused = string.match(stored, '^(%d+) (%d+) (%d+) ?(%d*)$')
  local elapsed = math.max(0, now - tonumber(at))
  return { first = math.min(first_max, tonumber(first) + 11 * rate * elapsed),
    again = math.min(repeat_max, tonumber(again) + rate * elapsed), refused = tonumber(refused) }
end
local function write_entry_tokens(tokens, now)
  local text = table.concat({ whole(tokens.first), whole(tokens.again), whole(now) }, ' ')
  return tokens.refused and text .. ' ' .. whole(tokens.refused) or text
end
