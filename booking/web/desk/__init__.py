"""The page of the desk and what the browser needs to keep it without a network."""
