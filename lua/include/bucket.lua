-- The token bucket that goes below zero (shared/bucket.ts): takes one token at virtual time
-- `virtual` and tells the new balance, last refill, remainder and the turn.
local function take_turn(balance, last, remainder, rate, capacity, virtual)
  local at = math.max(last, virtual)
  local credit = remainder + (at - last) * rate
  balance = balance + math.floor(credit / 1000)
  remainder = credit % 1000
  if balance >= capacity then
    balance, remainder = capacity, 0
  end
  balance = balance - 1
  local turn = at
  if balance < 0 then
    turn = at + math.ceil((1000 * -balance - remainder) / rate)
  end
  return balance, at, remainder, turn
end
local function keep_bucket(keys, values, lifetime)
  for index, key in ipairs(keys) do
    redis.call('SET', key, whole(values[index]), 'PXAT', lifetime)
  end
end
