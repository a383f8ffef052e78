-- How many people have joined a release's queue.
-- KEYS: early, behind, last (of one queue)
-- Answers: {people who came before the opening, the last number given behind them}
return {redis.call('SCARD', KEYS[1]), tonumber(redis.call('GET', KEYS[3]) or 0)}
