"""How an invitation stands."""

from datetime import datetime, timedelta

# As people are told; an invitation that was not sent yet is none.
OPEN, USED, OVER, WITHDRAWN = "open", "used", "over", "withdrawn"
STATES = (OPEN, USED, OVER, WITHDRAWN)
# So long whoever withdraws can take it back.
UNDO = timedelta(hours=1)


def standing(
    *, sent_at: datetime | None, expires_at: datetime, is_withdrawn: bool, is_used: bool, now: datetime
) -> str | None:
    """One of the above; None for one that was not sent yet. Whoever has booked is told that first."""
    if sent_at is None or sent_at > now:
        return None
    if is_used:
        return USED
    if is_withdrawn:
        return WITHDRAWN
    return OPEN if now < expires_at else OVER


def can_take_back(withdrawn_at: datetime | None, *, now: datetime) -> bool:
    """Whether a withdrawal can still be undone."""
    return withdrawn_at is not None and now < withdrawn_at + UNDO
