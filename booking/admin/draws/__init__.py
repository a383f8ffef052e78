"""Draws: announced after a preview, rehearsed, drawn with the public value, followed by a next round."""

from booking.admin.draws import changelist

__all__ = ["changelist"]
