-- Give a claim's place back; twice does no harm.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: claim, '1' to release it only while it is a hold, '1' to remember that the claim once had a place here
-- Answers: the place number given back, or 0
local quota = redis.call('HGET', KEYS[1], 'quota')
if not quota then return 0 end
local place = redis.call('HGET', KEYS[4], ARGV[1])
if not place then return 0 end
-- A place that the ledger has settled is not given back by somebody who only meant to drop a hold.
if ARGV[2] == '1' and not redis.call('ZSCORE', KEYS[5], ARGV[1]) then return 0 end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if tonumber(place) <= tonumber(quota) then redis.call('SADD', KEYS[3], place) end
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
if ARGV[3] == '1' then
  redis.call('SADD', KEYS[6], ARGV[1])
  redis.call('EXPIRE', KEYS[6], 172800)
end
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return tonumber(place)
