-- Writes a page of users' unpaid expiries anew from the database while the fence is closed.
-- KEYS: activity, lapsed
-- ARGV: 1 mark without its step, 2 lifetime, epoch ms, then per user: user id, count
-- Answers: 'restored' (repeatable), 'superseded'
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
for i = 3, #ARGV, 2 do redis.call('HSET', KEYS[2], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIREAT', KEYS[2], ARGV[2])
return 'restored'
