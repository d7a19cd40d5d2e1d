-- Writes a SKU's status document unless a newer one stands.
-- KEYS: sale_status
-- ARGV: 1 version, 2 the document's JSON without its version and opening brace, 3 lifetime of the
--       key, epoch ms
-- Answers: {'set', version}, or {'older', version that stands}
-- The version is the document's first member, so that it is found without decoding the rest.
local standing = string.match(redis.call('GET', KEYS[1]) or '', '^{"version":(%d+),')
if standing and tonumber(standing) >= tonumber(ARGV[1]) then
  return { 'older', tonumber(standing) }
end
redis.call('SET', KEYS[1], '{"version":' .. ARGV[1] .. ',' .. ARGV[2], 'PXAT', ARGV[3])
return { 'set', tonumber(ARGV[1]) }
