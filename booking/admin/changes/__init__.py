"""Changes of many slots: looked at, carried out with progress, undone; and the plans they come from."""

from booking.admin.changes import changelist, plans

__all__ = ["changelist", "plans"]
