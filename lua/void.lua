-- Ends an order without giving its units back: the user's count is freed, stock and sold stay.
-- KEYS: activity, stock, sold, seq, outbox, pending, orders, lapsed, order_status, user_purchase
-- ARGV: 1 activity id, 2 epoch, 3 highest sequence that the caller has seen, 4 ulid, 5 user id,
--       6 reason, 7 … the statuses that it ends
-- Answers: 'voided SEQUENCE FACTS', 'known STATUS FACTS' (another status stands; nothing changed),
--          unknown (no such order, or another user's), and those of the gate
-- @include whole
-- @include now
-- @include gate
-- @include batch
-- @include find-facts
-- @include due
-- @include leave-due
-- @include order
-- @include outbox
local wanted = {}
for i = 7, #ARGV do wanted[ARGV[i]] = true end
local answer, order = find_order(wanted)
if answer then return answer end

append_entry(KEYS[4], KEYS[5], ARGV[1], ARGV[2], order.sequence, now_ms(),
  { 'events', 'voided ' .. ARGV[4] .. ' - ' .. order.facts .. ' ' .. ARGV[6] })
change_status(order, 'CANCELLED')
free_user(order)
return 'voided ' .. whole(order.sequence) .. ' ' .. order.facts
