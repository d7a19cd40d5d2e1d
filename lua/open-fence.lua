-- Opens the fence behind a finished rebuild.
-- KEYS: activity
-- ARGV: 1 mark without its step, 2 how many PENDING orders were restored, 3 in how many batches
-- Answers: 'opened', 'superseded'
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
redis.call('HSET', KEYS[1], 'fence', '', 'pending', ARGV[2], 'batches', ARGV[3])
return 'opened'
