-- The line's clock (shared/clock.ts): virtual milliseconds, whole, at the real moment `now`.
local function virtual_time(virtual_at, real_at, speed, virtual_until, now)
  local elapsed = math.max(0, now - real_at)
  return math.min(virtual_until, math.floor(virtual_at + speed * elapsed))
end
