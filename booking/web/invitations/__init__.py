"""The page that the link of an invitation leads to."""
