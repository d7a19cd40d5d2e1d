-- The token bucket that goes below zero (shared/bucket.ts): takes one token at virtual time
-- `virtual`. `stored` is balance, last refill, remainder; tells the new three and the turn, or
-- nothing where one of them is lost.
local function take_turn(stored, line, virtual)
  local balance, last, remainder = tonumber(stored[1]), tonumber(stored[2]), tonumber(stored[3])
  if not (balance and last and remainder) then return nil end
  local at = math.max(last, virtual)
  local credit = remainder + (at - last) * line.rate
  balance = balance + math.floor(credit / 1000)
  remainder = credit % 1000
  if balance >= line.capacity then
    balance, remainder = line.capacity, 0
  end
  balance = balance - 1
  local turn = at
  if balance < 0 then
    turn = at + math.ceil((1000 * -balance - remainder) / line.rate)
  end
  return { balance, at, remainder }, turn
end
local function keep_bucket(keys, values, lifetime)
  for index, key in ipairs(keys) do
    redis.call('SET', key, whole(values[index]), 'PXAT', lifetime)
  end
end
