-- Give a claim a free place number, unless the slot is full; say so if it already had one.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: claim, lease in milliseconds, '1' to accept only a claim that already has a place
-- Answers: {'new', place} {'had', place} {'past'} {'full', doubted: 0 or 1} {'lost'} {'closed'}
--          {'not_open', opens_ms} {'unknown'}
local gate = redis.call('HMGET', KEYS[1], 'quota', 'opens', 'closed', 'doubted')
if not gate[1] then return {'unknown'} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

-- A repeat keeps its place: the caller may have lost our first answer.
local place = redis.call('HGET', KEYS[4], ARGV[1])
if place then
  redis.call('ZADD', KEYS[5], 'XX', 'GT', now + ARGV[2], ARGV[1])
  return {'had', tonumber(place)}
end
if redis.call('SISMEMBER', KEYS[6], ARGV[1]) == 1 then return {'past'} end
if ARGV[3] == '1' then return {'lost'} end
if gate[3] == '1' then return {'closed'} end
if now < tonumber(gate[2]) then return {'not_open', tonumber(gate[2])} end

place = redis.call('SPOP', KEYS[3])
if not place then
  -- Full, unless somebody's lease has run out: their place goes to this caller.
  local lapsed = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now, 'LIMIT', 0, 1)[1]
  if not lapsed then
    -- Whose place went to another like this may have it in the ledger all the same, and must not be told of no room.
    if redis.call('SISMEMBER', KEYS[6], 'lapsed:' .. ARGV[1]) == 1 then return {'past'} end
    return {'full', now < tonumber(gate[4] or 0) and 1 or 0}
  end
  place = redis.call('HGET', KEYS[4], lapsed)
  redis.call('ZREM', KEYS[5], lapsed)
  redis.call('HDEL', KEYS[4], lapsed)
  redis.call('SADD', KEYS[6], 'lapsed:' .. lapsed)
  redis.call('EXPIRE', KEYS[6], 172800)
  if not place or tonumber(place) > tonumber(gate[1]) then return {'full', 0} end
end
redis.call('HSET', KEYS[4], ARGV[1], place)
redis.call('ZADD', KEYS[5], now + ARGV[2], ARGV[1])
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
return {'new', tonumber(place)}
