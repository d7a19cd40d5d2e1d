-- The index of what is due: batches by `1024 x payBy + how many of their orders are PENDING`.
-- `batches` of the activity's hash is its length, counted apart so that each proves the other, and
-- `pending` the number of PENDING orders in all.
local PER_BATCH = 1024
