"""People who are invited to book: their lists, and what becomes of them."""
