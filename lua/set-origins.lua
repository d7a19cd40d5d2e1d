-- Writes the signed list of origins unless a leader of a later term has written one.
-- KEYS: origins
-- ARGV: 1 term, 2 the document's JSON without its term and opening brace, 3 lifetime of the key, ms
-- Answers: {'set', term}, or {'outdated', term that stands}
-- The term is the document's first member, so that it is found without decoding the rest.
local term = tonumber(ARGV[1])
local lifetime = tonumber(ARGV[3])
local standing = string.match(redis.call('GET', KEYS[1]) or '', '^{"term":(%d+),')
if standing and tonumber(standing) > term then
  return { 'outdated', tonumber(standing) }
end
redis.call('SET', KEYS[1], '{"term":' .. ARGV[1] .. ',' .. ARGV[2], 'PX', lifetime)
return { 'set', term }
