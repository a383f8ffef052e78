"""The queue of an open release: who stands in it, who is let in, and what administrators set."""
