-- Remember a patient's one live hold; give back what was remembered before.
-- KEYS: hold of one patient
-- ARGV: slot and claim of the new hold, seconds
-- Answers: slot and claim of the hold before, or false
local before = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return before
