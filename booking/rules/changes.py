"""How late one may cancel or move, and how long a cancellation can be undone."""

from datetime import datetime, timedelta

# Why somebody cancels, if they say so; kept with the cancellation.
CANCEL_REASONS = ("time", "unwell", "far", "elsewhere", "other")


def can_cancel(*, starts_at: datetime, now: datetime) -> bool:
    """Up to the start: a place given up late still finds somebody."""
    return now < starts_at


def can_move(*, starts_at: datetime, now: datetime) -> bool:
    """Up to the start."""
    return now < starts_at


def restorable_until(
    *, starts_at: datetime, now: datetime, undo: timedelta, no_undo_within: timedelta
) -> datetime | None:
    """When the undo window of a cancellation made now ends; None where there is none.

    Close to the start the place goes on at once: keeping it for an undo would waste it.
    """
    last = starts_at - no_undo_within
    return min(now + undo, last) if now < last else None


def changes_left(*, allowed: int, made: int, one_is_free: bool) -> int:
    """How often it may still be moved. What the city made necessary is free, also for whoever has none left."""
    left = max(allowed - made, 0)
    return max(left, 1) if one_is_free else left
