-- The place, from 0, of entry `index` among `count` (shared/draw.ts): 18 rounds of a Feistel
-- network over two numbers whose product is hardly above `count`; who lands beyond the last place
-- walks on, past each of the few numbers there at most once.
local function draw_place(key, count, index)
  local rows = math.ceil(math.sqrt(count))
  local columns = math.ceil(count / rows)
  local at = index
  repeat
    local left, right = at % rows, math.floor(at / rows)
    for round = 1, 18 do
      local is_odd = round % 2 == 1
      local digits = redis.sha1hex(key .. ':' .. round .. ':' .. whole(is_odd and right or left))
      local shift = tonumber(string.sub(digits, 1, 12), 16)
      if is_odd then
        left = (left + shift) % rows
      else
        right = (right + shift) % columns
      end
    end
    at = right * rows + left
  until at < count
  return at
end
-- The turn of that place; the first `capacity` places are called at once.
local function draw_turn(draw, index, line)
  local ahead = draw_place(draw.key, draw.count, index) + 1 - line.capacity
  return ahead <= 0 and 0 or math.ceil(1000 * ahead / line.rate)
end
