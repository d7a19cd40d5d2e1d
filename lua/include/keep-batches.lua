-- Orders of one call go into batches of at most 16: a change of one reads the text of its batch.
local MOST_PER_TEXT = 16
-- Adds the order numbered `number`.
local function add_order(batches, head, epoch, number, ulid, line)
  local last = batches[#batches]
  if not last or #last.lines > MOST_PER_TEXT then
    last = { id = epoch .. '-' .. number, lines = { head }, ulids = {} }
    batches[#batches + 1] = last
  end
  last.ulids[#last.lines] = ulid
  last.lines[#last.lines + 1] = line
end
-- Writes the batches, whose orders are all due at `pay_by`.
local function keep_batches(batches, activity_key, due_key, orders_key, pay_by)
  local writes, due, count = {}, {}, 0
  for i, batch in ipairs(batches) do
    writes[2 * i - 1], writes[2 * i] = batch.id, table.concat(batch.lines, '\n')
    due[2 * i - 1], due[2 * i] = due_score(pay_by, #batch.ulids), batch.id
    count = count + #batch.ulids
  end
  redis.call('HSET', orders_key, unpack(writes))
  add_places(orders_key, batches)
  add_due(activity_key, due_key, due, count)
end
