"""Keys: what is encrypted with which, and putting a new one in the place of an old one."""
