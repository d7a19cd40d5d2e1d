-- Orders are kept by batch: some of what one call reserved stands in one text, its first line `price
-- created-at pay-by epoch first`, then for each order `ulid quantity user`, numbered from `first` on,
-- or `ulid FACTS` where the first line does not tell. An order stands in one batch; where it stood
-- before, its line is empty. Which one, the field `@` with the first ten letters of its ulid tells:
-- ` BATCH:`, then two letters, the last, of each such order.
local function places_field(ulid) return '@' .. string.sub(ulid, 1, 10) end
local FACTS = '^%S+ %d+ %d+ %d+ %d+ %d+ %d+$'
-- The facts of the order in line `at`, which is given behind its ulid; nil where it is of another
-- form, as one that an earlier version wrote: nothing may be made of it.
local function facts_of(head, line, at)
  local quantity, user = string.match(line, '^(%d+) (%S+)$')
  if not quantity then return string.match(line, FACTS) end
  local price, times, first = string.match(head, '^(%d+) (.+) (%d+)$')
  return table.concat({ user, quantity, whole(tonumber(price) * tonumber(quantity)), times,
    whole(tonumber(first) + at - 1) }, ' ')
end
local function facts_in(text, ulid)
  local from, to = string.find(text, '\n' .. ulid .. ' ', 1, true)
  if not from then return nil end
  local _, at = string.gsub(string.sub(text, 1, from), '\n', '\n')
  return facts_of(string.match(text, '^[^\n]+'), string.match(text, '^[^\n]+', to + 1), at)
end
