"""Lists of people to invite: made, looked at, sent, followed, withdrawn."""

from booking.admin.invitations import lists

__all__ = ["lists"]
