"""How a slot, or a day of slots, stands in the administrators' calendar: in one word."""

from datetime import datetime

BOOKABLE, FULL, NOT_OPEN, CLOSED, OVER, NONE = "bookable", "full", "not_open", "closed", "over", "none"


def cell_state(
    *, taken: int, quota: int, opens_at: datetime, starts_at: datetime, is_closed: bool, now: datetime
) -> str:
    """The word for one slot. That it was closed is worth saying even when its time has passed."""
    if is_closed:
        return CLOSED
    if starts_at <= now:
        return OVER
    if now < opens_at:
        return NOT_OPEN
    return FULL if taken >= quota else BOOKABLE


def day_state(*, slots: int, closed: int, over: int, not_open: int, taken: int, quota: int) -> str:
    """The word for a site's day. `over`, `not_open`, `taken` and `quota` count slots that are not closed."""
    if slots == 0:
        return NONE
    if closed == slots:
        return CLOSED
    if closed + over == slots:
        return OVER
    if closed + over + not_open == slots:
        return NOT_OPEN
    return FULL if taken >= quota else BOOKABLE
