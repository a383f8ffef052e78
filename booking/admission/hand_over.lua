-- Pass one claim's place to another claim; it never becomes free in between. The giver once had a place here, and a
-- repeat of its request is told so.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: giving claim, receiving claim, lease in milliseconds (0: the ledger has it already)
-- Answers: the place number, or 0 where the giver has none
local place = redis.call('HGET', KEYS[4], ARGV[1])
if not place then return 0 end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
redis.call('HSET', KEYS[4], ARGV[2], place)
redis.call('SADD', KEYS[6], ARGV[1])
redis.call('EXPIRE', KEYS[6], 172800)
if tonumber(ARGV[3]) > 0 then
  local time = redis.call('TIME')
  redis.call('ZADD', KEYS[5], time[1] * 1000 + math.floor(time[2] / 1000) + ARGV[3], ARGV[2])
end
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return tonumber(place)
