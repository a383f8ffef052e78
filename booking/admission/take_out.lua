-- A claim leaves the slot and its place with it: the quota goes one lower, and whoever holds the highest number gets the
-- one that became free, so that nobody loses a hold.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: claim
-- Answers: 1, or 0 where the slot is not loaded or the claim has no place there
local quota = tonumber(redis.call('HGET', KEYS[1], 'quota') or '0')
local place = redis.call('HGET', KEYS[4], ARGV[1])
if quota == 0 or not place then return 0 end
redis.call('HDEL', KEYS[4], ARGV[1])
redis.call('ZREM', KEYS[5], ARGV[1])
if redis.call('SREM', KEYS[3], quota) == 1 then
  redis.call('SADD', KEYS[3], place)
elseif tonumber(place) ~= quota then
  local claims = redis.call('HGETALL', KEYS[4])
  for i = 1, #claims, 2 do
    if tonumber(claims[i + 1]) == quota then redis.call('HSET', KEYS[4], claims[i], place) end
  end
end
redis.call('HSET', KEYS[1], 'quota', quota - 1)
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return 1
