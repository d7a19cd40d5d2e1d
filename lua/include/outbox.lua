-- Appends the events that a script made as one outbox entry and moves the sequence to the last.
-- The entry's id is `epoch-last sequence`; its events are lines, numbered up to that sequence.
local function append_events(sequence_key, outbox_key, activity_id, epoch, sequence, now, lines)
  redis.call('SET', sequence_key, whole(sequence), 'KEEPTTL')
  redis.call('XADD', outbox_key, epoch .. '-' .. whole(sequence), 'activity', activity_id,
    'at', whole(now), 'events', table.concat(lines, '\n'))
end
