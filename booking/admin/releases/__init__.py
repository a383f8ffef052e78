"""When places are released: rules, what lies ahead, a dry run, and the pause of everything."""

from booking.admin.releases import pause, queues, rules

__all__ = ["pause", "queues", "rules"]
