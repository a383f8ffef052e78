"""Numbers that somebody gave up: kept, offered to the waitlist, or given back to everybody.

Whoever touches them locks in one order: the slots in the order of their keys, then the rows that hold the numbers, then
offers, then entries.
"""
