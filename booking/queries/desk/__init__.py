"""What the desk, the waiting room and the citizen see of a site's day."""
