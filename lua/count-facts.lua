-- Counts different ones: adds a member to each HyperLogLog and tells how many it holds now.
-- KEYS: HyperLogLogs of one slot, 1 or more
-- ARGV: 1 lifetime in ms from the latest new member, 2 … the member for each key; '' adds nothing
-- Answers: the counts, in the order of the keys
local lifetime = tonumber(ARGV[1])
local counts = {}
for index, key in ipairs(KEYS) do
  local member = ARGV[index + 1]
  if member ~= '' and redis.call('PFADD', key, member) == 1 then
    redis.call('PEXPIRE', key, lifetime)
  end
  counts[index] = redis.call('PFCOUNT', key)
end
return counts
