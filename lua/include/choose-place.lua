-- The place that a call is about: the stored one; a new one behind the order that `again` names;
-- the one of a ticket where Redis lost it; or a new one, which has neither turn nor entry yet.
-- `ticket` is ulid, turn, until, entry, all '' where there is none, entry '' of one with a turn.
local function choose_place(place, fresh, again, ticket, window)
  if place and place.entered > 0 and place.ulid == again then
    return { ulid = fresh, entered = 0, follows = again }
  end
  if place then return place end
  local made = { ulid = fresh, entered = 0, follows = '' }
  if ticket[1] == '' or ticket[1] == again then return made end
  made.ulid, made.entry = ticket[1], tonumber(ticket[4])
  if not made.entry then
    made.turn, made.till = tonumber(ticket[2]), tonumber(ticket[3])
    -- A window longer than its terms was given to one who came.
    made.waits = made.till <= made.turn + window
  end
  return made
end
