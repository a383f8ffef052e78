-- Rebuild the slot from what the ledger says, keeping holds that are still running.
-- KEYS: gate left free claims leases past loading (of one slot)
-- ARGV: token, changes seen by begin_load, quota, opens_ms, closed, seconds to keep, milliseconds of doubt,
--       number of past claims, past claims ..., then claim, place, claim, place ...
-- Answers: 1 done, 0 the lock was lost, -1 the gate moved while the ledger was read: read again
if redis.call('GET', KEYS[7]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[7])
if tonumber(redis.call('HGET', KEYS[1], 'changes') or '-1') ~= tonumber(ARGV[2]) then return -1 end

local quota = tonumber(ARGV[3])
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local first = 9 + tonumber(ARGV[8])

local claims, taken = {}, {}
for i = first, #ARGV, 2 do
  claims[ARGV[i]] = ARGV[i + 1]
  taken[ARGV[i + 1]] = true
end
local leases = redis.call('ZRANGEBYSCORE', KEYS[5], '(' .. now, '+inf', 'WITHSCORES')
local held = {}
for i = 1, #leases, 2 do
  local claim, place = leases[i], redis.call('HGET', KEYS[4], leases[i])
  if place and not claims[claim] and not taken[place] and tonumber(place) <= quota then
    held[claim] = { place, leases[i + 1] }
    taken[place] = true
  end
end

redis.call('DEL', KEYS[3], KEYS[4], KEYS[5])
for claim, place in pairs(claims) do redis.call('HSET', KEYS[4], claim, place) end
for claim, hold in pairs(held) do
  redis.call('HSET', KEYS[4], claim, hold[1])
  redis.call('ZADD', KEYS[5], hold[2], claim)
end
local free = {}
for place = 1, quota do
  if not taken[tostring(place)] then free[#free + 1] = place end
  -- In portions: one call for each number is slow, and a call takes only so many.
  if #free == 1000 or (place == quota and #free > 0) then
    redis.call('SADD', KEYS[3], unpack(free))
    free = {}
  end
end
for i = 9, first - 1 do redis.call('SADD', KEYS[6], ARGV[i]) end
redis.call('HSET', KEYS[1], 'quota', quota, 'opens', ARGV[4], 'closed', ARGV[5])
redis.call('HINCRBY', KEYS[1], 'changes', 1)
-- New to the gate, and yet booked: the gate has lost it, and other bookings may be on their way to the ledger.
if ARGV[2] == '-1' and next(claims) then redis.call('HSET', KEYS[1], 'doubted', now + ARGV[7]) end
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
for i = 1, 6 do redis.call('EXPIRE', KEYS[i], ARGV[6]) end
return 1
