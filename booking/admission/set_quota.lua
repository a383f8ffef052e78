-- The administrator's number: more free places, or fewer. Places that are taken stay taken.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: quota
-- Answers: 1, or 0 where the slot is not loaded (loading will read the quota from the ledger)
local before = tonumber(redis.call('HGET', KEYS[1], 'quota'))
if not before then return 0 end
local quota = tonumber(ARGV[1])
local taken = {}
for _, place in ipairs(redis.call('HVALS', KEYS[4])) do taken[tonumber(place)] = true end
for place = before + 1, quota do
  if not taken[place] then redis.call('SADD', KEYS[3], place) end
end
for place = quota + 1, before do redis.call('SREM', KEYS[3], place) end
redis.call('HSET', KEYS[1], 'quota', quota)
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return 1
