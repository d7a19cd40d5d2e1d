-- Closes the fence of an activity for a rebuild: selling stops here, whatever the callers believe.
-- KEYS: activity
-- ARGV: 1 activity id, 2 term, 3 epoch that the rebuild will open, 4 run id of this server
-- Answers: 'closed', or 'superseded' (a rebuild of a higher term or epoch holds the fence, or has
-- opened it already)
-- The mark is `term epoch run-id step`; each later step demands the one before it.
local standing = redis.call('HMGET', KEYS[1], 'fence', 'id', 'epoch')
if standing[2] == ARGV[1] and tonumber(standing[3] or 0) >= tonumber(ARGV[3]) then
  return 'superseded'
end
local term, epoch = string.match(standing[1] or '', '^(%d+) (%d+) ')
if term and (tonumber(term) > tonumber(ARGV[2]) or
    (tonumber(term) == tonumber(ARGV[2]) and tonumber(epoch) > tonumber(ARGV[3]))) then
  return 'superseded'
end
redis.call('HSET', KEYS[1], 'id', ARGV[1],
  'fence', table.concat({ ARGV[2], ARGV[3], ARGV[4], 'closed' }, ' '))
-- The mark must outlive every doubt: the rebuild that opens the fence sets a lifetime again.
redis.call('PERSIST', KEYS[1])
return 'closed'
