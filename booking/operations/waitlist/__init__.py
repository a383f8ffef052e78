"""The waitlist, and leftover doses that are offered to it."""
