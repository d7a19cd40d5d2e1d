-- Ends an order and gives its units back, once: the status word that this call changes decides.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status, user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 ulid, 5 user id,
--       6 the status that it ends, 7 reason, 8 '1' when it counts as a lapse of the user
-- Answers: 'released SEQUENCE FACTS', 'known STATUS FACTS' (another status stands; nothing
--          changed), unknown (no such order, or another user's), and those of the gate
-- @include whole
-- @include now
-- @include gate
-- @include batch
-- @include find-facts
-- @include due
-- @include leave-due
-- @include order
-- @include outbox
local answer, order = find_order({ [ARGV[6]] = true })
if answer then return answer end

append_entry(KEYS[4], KEYS[5], ARGV[1], ARGV[2], order.sequence, now_ms(),
  { 'events', 'cancelled ' .. ARGV[4] .. ' - ' .. order.facts .. ' ' .. ARGV[7] })
change_status(order, 'CANCELLED')
redis.call('INCRBY', KEYS[2], order.quantity)
redis.call('DECRBY', KEYS[3], order.quantity)
free_user(order)
if ARGV[8] == '1' then
  redis.call('HINCRBY', KEYS[8], ARGV[5], 1)
  redis.call('PEXPIREAT', KEYS[8], order.lifetime)
end
return 'released ' .. whole(order.sequence) .. ' ' .. order.facts
