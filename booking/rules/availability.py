"""How full a slot or a day is, in one word."""

from collections.abc import Iterable
from datetime import datetime

PLENTY, SOME, FEW, FULL, NOT_OPEN, CLOSED = "plenty", "some", "few", "full", "not_open", "closed"
STATES = (PLENTY, SOME, FEW, FULL, NOT_OPEN, CLOSED)
BOOKABLE = (PLENTY, SOME, FEW)


def state_of(*, places_left: int, quota: int) -> str:
    """plenty: over half is left; some: a fifth to half; few: under a fifth; full: none."""
    if places_left <= 0 or quota <= 0:
        return FULL
    share = places_left / quota
    if share > 0.5:
        return PLENTY
    return SOME if share >= 0.2 else FEW


def slot_state(
    *, places_left: int, quota: int, opens_at: datetime, starts_at: datetime, is_closed: bool, now: datetime
) -> str:
    """The state of one slot: closed also once it has begun."""
    if is_closed or starts_at <= now:
        return CLOSED
    if now < opens_at:
        return NOT_OPEN
    return state_of(places_left=places_left, quota=quota)


def day_state(slots: Iterable[tuple[str, int, int]]) -> str:
    """The state of a day from (state, places left, quota) of its slots: of those that can be booked, if any."""
    known = list(slots)
    bookable = [(left, quota) for state, left, quota in known if state in (*BOOKABLE, FULL)]
    if bookable:
        return state_of(places_left=sum(left for left, _ in bookable), quota=sum(quota for _, quota in bookable))
    return NOT_OPEN if any(state == NOT_OPEN for state, _, _ in known) else CLOSED
