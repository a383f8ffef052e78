"""The quota calendar: a site's week, a district's fortnight, and setting many slots at once."""
