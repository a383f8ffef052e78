-- What the gate thinks of a slot, in numbers: cheap enough to ask for every slot.
-- KEYS: gate left free claims leases past (of one slot)
-- Answers: {quota, closed, settled places, holds, holds whose lease has run out, free, left, opens_ms}, or {} if not loaded
local gate = redis.call('HMGET', KEYS[1], 'quota', 'closed', 'opens')
if not gate[1] then return {} end
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local holds = redis.call('ZCARD', KEYS[5])
return {
  tonumber(gate[1]), tonumber(gate[2]), redis.call('HLEN', KEYS[4]) - holds, holds,
  redis.call('ZCOUNT', KEYS[5], '-inf', now), redis.call('SCARD', KEYS[3]),
  tonumber(redis.call('GET', KEYS[2]) or '-1'), tonumber(gate[3])
}
