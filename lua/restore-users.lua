-- Writes a page of users' counts anew from the database while the fence is closed.
-- KEYS: activity, then per user: user_purchase
-- ARGV: 1 mark without its step, 2 lifetime, epoch ms, then per user: count
-- Answers: 'restored' (repeatable), 'superseded'
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
for i = 2, #KEYS do
  redis.call('SET', KEYS[i], ARGV[i + 1], 'PXAT', ARGV[2])
end
return 'restored'
