-- What a place gets whose turn has come: the word, with place and tokens moved on.
local function enter(place, tokens, line, now)
  if line.speed == 0 then return 'paused' end
  if tokens.first >= 10000 then
    tokens.first, place.entered = tokens.first - 10000, now
    return 'enter'
  end
  -- No token is not the buyer's fault: the window does not run out before the next try.
  tokens.refused, place.till = now, math.max(place.till, line.virtual + 5000)
  return 'ready'
end
-- The same for one that has entered before, also where it found no unit then.
local function enter_again(place, tokens, now)
  if now - place.entered < 1000 or tokens.again < 10000 then return 'confirming' end
  tokens.again = tokens.again - 10000
  if place.entered > 0 then place.entered = now end
  return 'enter'
end
-- The same where no line of the activity stands: once it is closed, what the sweep has kept of those
-- who entered (`kept-place.lua`) is forwarded, and whoever bought is told of the order.
local function after_closing(stored, activity_id, again)
  local ulid, of, follows = string.match(stored or '', '^(%w+)=([^>]+)>?(%w*)$')
  if of ~= activity_id then return { 'no_line' } end
  if ulid == again then return { 'ended' } end
  return { 'enter', ulid, 0, 0, 0, 1, 0, follows, -1 }
end
