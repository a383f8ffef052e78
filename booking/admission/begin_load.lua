-- One loader at a time reads the slot from the ledger; the others wait.
-- KEYS: gate loading (of one slot)
-- ARGV: token of this loader, lock in milliseconds
-- Answers: {'yours', changes} or {'taken'}; `changes` tells finish_load whether the gate moved meanwhile
if not redis.call('SET', KEYS[2], ARGV[1], 'NX', 'PX', ARGV[2]) then return {'taken'} end
return {'yours', tonumber(redis.call('HGET', KEYS[1], 'changes') or '-1')}
