-- The ledger has it: a hold becomes a taken place. Also corrects the number if the ledger gave another.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: claim, place
-- Answers: 1, or 0 where the slot is not loaded (loading will find the place in the ledger)
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
local before = redis.call('HGET', KEYS[4], ARGV[1])
if before ~= ARGV[2] then
  redis.call('HSET', KEYS[4], ARGV[1], ARGV[2])
  redis.call('SREM', KEYS[3], ARGV[2])
  redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
end
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return 1
