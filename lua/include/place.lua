-- A place as stored: the ulid of its order, three signs of its activity, then in hexadecimal
--   `#entry`                 an entry of the draw that has no turn yet
--   `turn`                   it was told to wait; its window ends as the clock's terms say
--   `turn until entered-at`  it came at its turn, or never had to wait; entered-at is the real ms
--                            of the last forward, 0 before the first
-- and `>ulid` of the order that a further purchase follows. A place of another activity is none.
-- Millions stand at once: so short, and without a lifetime (42 bytes each); closing sweeps them.
local function read_place(stored, sign, window)
  if not stored or string.sub(stored, 27, 29) ~= sign then return nil end
  local mark, number, rest = string.match(stored, '^(#?)(%x+)(.*)$', 30)
  local till, entered = string.match(rest, '^ (%x+) (%x+)')
  local place = { ulid = string.sub(stored, 1, 26), waits = not till,
    entered = tonumber(entered or '0', 16), follows = string.match(rest, '>(%w+)$') or '' }
  if mark == '#' then
    place.entry = tonumber(number, 16)
  else
    place.turn = tonumber(number, 16)
    place.till = till and tonumber(till, 16) or place.turn + window
  end
  return place
end
local function write_place(place, sign)
  local form = '%x %x %x'
  if place.entry then form = '#%x' elseif place.waits then form = '%x' end
  local numbers = string.format(form, place.entry or place.turn, place.till or 0, place.entered)
  local tail = place.follows == '' and '' or '>' .. place.follows
  return place.ulid .. sign .. numbers .. tail
end
