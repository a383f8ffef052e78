-- What an administrator, a release rule or a portion has changed: more places or fewer, and when the slot opens.
-- Places that are taken stay taken.
-- KEYS: gate left free claims leases past loading (of one slot)
-- ARGV: quota, opens_ms or '' where that has not changed
-- Answers: 1, or 0 where the slot is not loaded (loading will read the ledger)

-- Whoever is loading it may have read the ledger before the change: without the lock they read again.
redis.call('DEL', KEYS[7])
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
if ARGV[2] ~= '' then redis.call('HSET', KEYS[1], 'opens', ARGV[2]) end
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return 1
