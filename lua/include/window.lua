-- Why nothing may be reserved at this time, or nil, in the order that the contract gives to
-- refusals. `flag` is '1' while memory or outbox leave room only for what ends orders.
local function window(paused, start_at, end_at, flag, now)
  if paused == '1' then return 'paused' end
  if now < tonumber(start_at) then return 'not_open' end
  if now >= tonumber(end_at) then return 'ended' end
  if flag == '1' then return 'busy' end
  return nil
end
