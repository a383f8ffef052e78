-- Give several claims that belong together a free place number each, or none of them a new one.
-- KEYS: gate left free claims leases past (of one slot)
-- ARGV: of each: claim, lease in milliseconds, '1' to accept only a claim that already has a place
-- Answers: of each what admit.lua answers; 'full' for every new one unless there is room for all of them
local gate = redis.call('HMGET', KEYS[1], 'quota', 'opens', 'closed', 'doubted')
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)

local function known(claim, lease, held)
  if not gate[1] then return {'unknown'} end
  local place = redis.call('HGET', KEYS[4], claim)
  if place then
    redis.call('ZADD', KEYS[5], 'XX', 'GT', now + lease, claim)
    return {'had', tonumber(place)}
  end
  if redis.call('SISMEMBER', KEYS[6], claim) == 1 then return {'past'} end
  if held == '1' then return {'lost'} end
  if gate[3] == '1' then return {'closed'} end
  if now < tonumber(gate[2]) then return {'not_open', tonumber(gate[2])} end
  return nil
end

local answers, new = {}, {}
for i = 1, #ARGV, 3 do
  local position = (i + 2) / 3
  answers[position] = known(ARGV[i], ARGV[i + 1], ARGV[i + 2])
  if not answers[position] then
    -- As in admit.lua: whose lapsed place went to another may have it in the ledger all the same.
    local lapsed = redis.call('SISMEMBER', KEYS[6], 'lapsed:' .. ARGV[i]) == 1
    answers[position] = lapsed and {'past'} or {'full', now < tonumber(gate[4] or 0) and 1 or 0}
    new[#new + 1] = i
  end
end
if #new == 0 then return answers end

-- Where room is short, the places of leases that have run out are free too.
local short = #new - redis.call('SCARD', KEYS[3])
if short > 0 then
  local lapsed = redis.call('ZRANGEBYSCORE', KEYS[5], '-inf', now, 'LIMIT', 0, short)
  if #lapsed < short then return answers end
  for _, claim in ipairs(lapsed) do
    local place = redis.call('HGET', KEYS[4], claim)
    redis.call('ZREM', KEYS[5], claim)
    redis.call('HDEL', KEYS[4], claim)
    redis.call('SADD', KEYS[6], 'lapsed:' .. claim)
    redis.call('EXPIRE', KEYS[6], 172800)
    if place and tonumber(place) <= tonumber(gate[1]) then redis.call('SADD', KEYS[3], place) end
  end
end
if redis.call('SCARD', KEYS[3]) >= #new then
  for _, i in ipairs(new) do
    local place = redis.call('SPOP', KEYS[3])
    redis.call('HSET', KEYS[4], ARGV[i], place)
    redis.call('ZADD', KEYS[5], now + ARGV[i + 1], ARGV[i])
    answers[(i + 2) / 3] = {'new', tonumber(place)}
  end
end
redis.call('SET', KEYS[2], redis.call('SCARD', KEYS[3]))
return answers
