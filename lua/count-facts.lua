-- Counts different ones: what was seen with a user, by kind, and members of HyperLogLogs.
-- KEYS: 1 user, stored as tags with spaces between; 2 … HyperLogLogs; all of one slot
-- ARGV: 1 lifetime in ms from the latest news, 2 the user's tags, spaces between, each a letter for
--       its kind and what was seen; 3 … the member for each HyperLogLog; '' adds nothing
-- Answers: for each tag how many of its kind are known (at most 8 are kept), then the counts of
--          the HyperLogLogs
local lifetime = tonumber(ARGV[1])
local tags = redis.call('GET', KEYS[1]) or ''
local known, kinds, answer, is_new = {}, {}, {}, false
local function keep(tag)
  local kind = string.sub(tag, 1, 1)
  local count = kinds[kind] or 0
  if known[tag] or count >= 8 then return count, false end
  known[tag], kinds[kind] = true, count + 1
  return count + 1, true
end
for tag in string.gmatch(tags, '%S+') do keep(tag) end
for tag in string.gmatch(ARGV[2], '%S+') do
  local count, is_added = keep(tag)
  table.insert(answer, count)
  if is_added then tags, is_new = tags == '' and tag or tags .. ' ' .. tag, true end
end
if is_new then redis.call('SET', KEYS[1], tags, 'PX', lifetime) end

for index = 2, #KEYS do
  local member = ARGV[index + 1]
  if member ~= '' and redis.call('PFADD', KEYS[index], member) == 1 then
    redis.call('PEXPIRE', KEYS[index], lifetime)
  end
  table.insert(answer, redis.call('PFCOUNT', KEYS[index]))
end
return answer
