-- Orders of one call go into batches of at most 16: a change of one reads the text of its batch.
local MOST_PER_TEXT = 16
-- Writes orders as batches, all due at `pay_by`: their lines are as in a batch, numbered from `first`
-- on; `shared` is the batches' first line up to that.
local function keep_batches(lines, epoch, first, shared, activity_key, due_key, orders_key, pay_by)
  local batches, writes, due = {}, {}, {}
  for from = 1, #lines, MOST_PER_TEXT do
    local some = { unpack(lines, from, math.min(from + MOST_PER_TEXT - 1, #lines)) }
    local number = whole(first + from - 1)
    local batch = { id = epoch .. '-' .. number, lines = some }
    local text = shared .. ' ' .. number .. '\n' .. table.concat(some, '\n')
    batches[#batches + 1] = batch
    writes[2 * #batches - 1], writes[2 * #batches] = batch.id, text
    due[2 * #batches - 1], due[2 * #batches] = due_score(pay_by, #some), batch.id
  end
  redis.call('HSET', orders_key, unpack(writes))
  add_places(orders_key, batches)
  add_due(activity_key, due_key, due, #lines)
end
