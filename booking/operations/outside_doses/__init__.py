"""Doses that were given elsewhere: entered from a paper at a desk or from a register, and marked as void if wrong."""
