-- Epoch milliseconds by this server's clock, the only clock that scripts decide by.
local function now_ms()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end
