"""When places become bookable: in portions, paused, on again."""
