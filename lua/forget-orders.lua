-- Removes orders that the database does not know, while the fence is closed: what is known of them
-- is lost for good, and their buyers' receipts are shown again. Their users' counts follow from rows.
-- With them go batches of before the rebuild, of which no order is left.
-- KEYS: activity, orders, then per order: order_status, user_purchase
-- ARGV: 1 mark without its step, then per batch: id
-- Answers: 'restored' (repeatable), 'superseded'
if redis.call('HGET', KEYS[1], 'fence') ~= ARGV[1] .. ' restoring' then return 'superseded' end
for i = 3, #KEYS do redis.call('DEL', KEYS[i]) end
for i = 2, #ARGV do redis.call('HDEL', KEYS[2], ARGV[i]) end
return 'restored'
