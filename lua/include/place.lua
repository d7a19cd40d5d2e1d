-- A place as stored: `ulid turn until entered-at`. Turn and until are virtual ms; entered-at is the
-- real ms of the last forward, 0 before the first.
local function read_place(stored)
  if not stored then return nil end
  local ulid, turn, till, entered = string.match(stored, '^(%w+) (%d+) (%d+) (%d+)$')
  return ulid, tonumber(turn), tonumber(till), tonumber(entered)
end
local function write_place(ulid, turn, till, entered)
  return table.concat({ ulid, whole(turn), whole(till), whole(entered) }, ' ')
end
