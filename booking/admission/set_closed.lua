-- Close a slot to new places, or open it again. What is taken stays taken.
-- KEYS: gate left free claims leases past loading (of one slot)
-- ARGV: '1' closed, '0' open
-- Answers: 1, or 0 where the slot is not loaded

-- Whoever is loading it may have read the ledger before the change: without the lock they read again.
redis.call('DEL', KEYS[7])
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], 'closed', ARGV[1])
redis.call('HINCRBY', KEYS[1], 'changes', 1)
return 1
