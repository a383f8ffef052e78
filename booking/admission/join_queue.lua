-- Give a person a place in a release's queue: among the early ones, or the next number behind them; the same again.
-- KEYS: early (set of fractions), behind (hash of fraction to number), last (the last number given), of one queue
-- ARGV: fraction, opening in epoch milliseconds, number that the ledger knows was given, seconds to keep it all
-- Answers: 0 for an early place, else the number behind
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local had = redis.call('HGET', KEYS[2], ARGV[1])
if had then return tonumber(had) end
if now < tonumber(ARGV[2]) then
  redis.call('SADD', KEYS[1], ARGV[1])
  redis.call('EXPIRE', KEYS[1], ARGV[4])
  return 0
end
-- They stood in it before, and have lost what they were given.
if redis.call('SISMEMBER', KEYS[1], ARGV[1]) == 1 then return 0 end
local number = math.max(tonumber(redis.call('GET', KEYS[3]) or 0), tonumber(ARGV[3])) + 1
redis.call('SET', KEYS[3], number, 'EX', ARGV[4])
redis.call('HSET', KEYS[2], ARGV[1], number)
redis.call('EXPIRE', KEYS[2], ARGV[4])
return number
