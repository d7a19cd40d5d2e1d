-- Orders of one call go into batches of at most 16: a change of one reads the text of its batch.
local MOST_PER_TEXT = 16
-- Adds the order numbered `number`; its line is `ulid user quantity number`.
local function add_order(batches, epoch, number, line)
  local last = batches[#batches]
  if not last or #last.lines == MOST_PER_TEXT then
    last = { id = epoch .. '-' .. number, lines = {} }
    batches[#batches + 1] = last
  end
  last.lines[#last.lines + 1] = line
end
-- The texts of batches without their head.
local function bodies_of(batches)
  local bodies = {}
  for i, batch in ipairs(batches) do bodies[i] = table.concat(batch.lines, '\n') end
  return bodies
end
-- Writes the batches, whose orders are all due at `pay_by`.
local function keep_batches(batches, head, bodies, activity_key, due_key, orders_key, pay_by)
  local writes, due, count = {}, {}, 0
  for i, batch in ipairs(batches) do
    writes[2 * i - 1], writes[2 * i] = batch.id, head .. '\n' .. bodies[i]
    due[2 * i - 1], due[2 * i] = due_score(pay_by, #batch.lines), batch.id
    count = count + #batch.lines
  end
  redis.call('HSET', orders_key, unpack(writes))
  add_places(orders_key, batches)
  add_due(activity_key, due_key, due, count)
end
