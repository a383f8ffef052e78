-- Remember what a patient holds from now on; give back what was remembered before.
-- KEYS: holds of one patient
-- ARGV: slot:claim:until of each place held, seconds
-- Answers: the same of what was held before, or false
local before = redis.call('GET', KEYS[1])
redis.call('SET', KEYS[1], ARGV[1], 'EX', ARGV[2])
return before
