-- Marks a PENDING order PAID.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status, user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 ulid, 5 user id
-- Answers: 'settled SEQUENCE FACTS', 'known STATUS FACTS' (not PENDING; nothing changed), unknown
--          (no such order, or another user's), and those of the gate
-- @include whole
-- @include now
-- @include gate
-- @include batch
-- @include find-facts
-- @include due
-- @include leave-due
-- @include order
-- @include outbox
local answer, order = find_order({ PENDING = true })
if answer then return answer end

append_entry(KEYS[4], KEYS[5], ARGV[1], ARGV[2], order.sequence, now_ms(),
  { 'events', 'paid ' .. ARGV[4] .. ' - ' .. order.facts })
change_status(order, 'PAID')
return 'settled ' .. whole(order.sequence) .. ' ' .. order.facts
