-- Appends the events that a script made as one outbox entry and moves the sequence to the last.
-- The entry's id is `epoch-last sequence`; its events are lines, numbered up to that sequence. To be
-- called before every other write: where the stream refuses the id (an operator's hand has put a
-- higher one there), the script ends here and nothing has happened.
local function append_events(sequence_key, outbox_key, activity_id, epoch, sequence, now, lines)
  redis.call('XADD', outbox_key, epoch .. '-' .. whole(sequence), 'activity', activity_id,
    'at', whole(now), 'events', table.concat(lines, '\n'))
  redis.call('SET', sequence_key, whole(sequence), 'KEEPTTL')
end
