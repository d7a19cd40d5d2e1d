-- Appends what a script did as one outbox entry and moves the sequence to the last of its events.
-- The entry's id is `epoch-last sequence`; `content` are its fields: `events`, lines numbered up to
-- that sequence, or `head` and `orders`, new orders as batches keep them, and `traces` of some. To
-- be called before every other write: where the stream refuses the id (an operator's hand has put a
-- higher one there), the script ends here and nothing has happened.
local function append_entry(sequence_key, outbox_key, activity_id, epoch, sequence, now, content)
  redis.call('XADD', outbox_key, epoch .. '-' .. whole(sequence), 'activity', activity_id,
    'at', whole(now), unpack(content))
  redis.call('SET', sequence_key, whole(sequence), 'KEEPTTL')
end
