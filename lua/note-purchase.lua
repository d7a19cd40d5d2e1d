-- Notes a purchase of a user in an activity and tells how they came, this one included.
-- KEYS: cadence, stored as `requests probes last reaction age gap,gap,…`, '-' for what is not known;
--       line_clock
-- ARGV: 1 now, 2 when it opens or '' for what the clock says (both epoch ms of the caller, so that
--       a replay can set the clock), 3 lifetime in ms, 4 age of the page in ms or ''
-- Answers: {requests, probes before the opening, reaction, age, 'gap,gap,…'}: reaction is the ms
--   from the opening to the first purchase behind it, age the least age of a page, '-' for neither;
--   gaps in ms, latest last, at most 8
-- @include whole
local now, lifetime, age = tonumber(ARGV[1]), tonumber(ARGV[3]), tonumber(ARGV[4])
local opens = tonumber(ARGV[2]) or tonumber(redis.call('HGET', KEYS[2], 'startAt') or '')
local stored = redis.call('GET', KEYS[1]) or '0 0 - - - '
local form = '^(%d+) (%d+) (%S+) (%S+) (%S+) ([%d,]*)$'
local requests, probes, last, reaction, least, list = string.match(stored, form)
requests, probes, last = tonumber(requests) + 1, tonumber(probes), tonumber(last)
if opens and now < opens then
  probes = probes + 1
elseif opens and reaction == '-' then
  reaction = whole(now - opens)
end
if age then least = whole(math.min(age, tonumber(least) or age)) end

local gaps = {}
for gap in string.gmatch(list, '%d+') do table.insert(gaps, gap) end
if last then table.insert(gaps, whole(math.max(0, now - last))) end
if #gaps > 8 then table.remove(gaps, 1) end

local text = table.concat(gaps, ',')
local latest = whole(math.max(now, last or 0))
local noted = { whole(requests), whole(probes), latest, reaction, least, text }
redis.call('SET', KEYS[1], table.concat(noted, ' '), 'PX', lifetime)
return { requests, probes, reaction, least, text }
