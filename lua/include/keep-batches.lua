-- Orders of one call go into batches of at most 16: a change of one reads the text of its batch.
-- Adds a line, the order numbered `number`; tells its status.
local MOST_PER_TEXT = 16
local function add_line(batches, head, epoch, number, line)
  local last = batches[#batches]
  if not last or #last.lines > MOST_PER_TEXT then
    last = { id = epoch .. '-' .. number, lines = { head } }
    last.status = 'PENDING ' .. last.id
    batches[#batches + 1] = last
  end
  last.lines[#last.lines + 1] = line
  return last.status
end
-- Writes the batches, whose orders are all due at `pay_by`.
local function keep_batches(batches, activity_key, due_key, orders_key, pay_by)
  local texts, due, count = {}, {}, 0
  for i, batch in ipairs(batches) do
    texts[2 * i - 1], texts[2 * i] = batch.id, table.concat(batch.lines, '\n')
    due[2 * i - 1], due[2 * i] = due_score(pay_by, #batch.lines - 1), batch.id
    count = count + #batch.lines - 1
  end
  redis.call('HSET', orders_key, unpack(texts))
  add_due(activity_key, due_key, due, count)
end
