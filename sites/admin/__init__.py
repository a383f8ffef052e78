"""Districts, sites, and who works and decides where, in the admin."""

from sites.admin import people, places

__all__ = ["people", "places"]
