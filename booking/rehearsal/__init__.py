"""A city's dress rehearsal: made-up citizens in a surge over real HTTP, and what came of it."""
