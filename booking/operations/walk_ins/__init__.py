"""People without an appointment, and people with one who did not come."""
