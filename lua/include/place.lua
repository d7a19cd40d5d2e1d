-- A place as stored: `ulid turn until entered-at[ follows]`. Turn and until are virtual ms; entered-at
-- is the real ms of the last forward, 0 before the first; follows is the ulid of the order that a
-- further purchase follows, '' where there is none.
local function read_place(stored)
  if not stored then return nil end
  local ulid, turn, till, entered, follows =
    string.match(stored, '^(%w+) (%d+) (%d+) (%d+) ?(%w*)$')
  return ulid, tonumber(turn), tonumber(till), tonumber(entered), follows
end
local function write_place(ulid, turn, till, entered, follows)
  local tail = follows == '' and '' or ' ' .. follows
  return table.concat({ ulid, whole(turn), whole(till), whole(entered) }, ' ') .. tail
end
-- The place that a call is about: the stored one, a new one behind the order that `again` names, the
-- one of a ticket where Redis lost it, or a new one, which has no turn yet.
local function choose_place(stored, fresh, again, ticket)
  local ulid, turn, till, entered, follows = read_place(stored)
  if ulid and entered > 0 and ulid == again then return fresh, nil, nil, 0, ulid end
  if ulid then return ulid, turn, till, entered, follows end
  if ticket[1] ~= '' and ticket[1] ~= again then
    return ticket[1], tonumber(ticket[2]), tonumber(ticket[3]), 0, ''
  end
  return fresh, nil, nil, 0, ''
end
