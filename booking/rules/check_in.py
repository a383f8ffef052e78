"""What somebody who stands at the desk is told: in time, at another time, not here, not known.

The desk's own script decides by the same table while the network is gone: tests/rules/check_in_cases.json. Never does a
check-in say that somebody may be vaccinated; that is for the health questions.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

OK, WRONG_TIME, REFUSED, UNKNOWN = "ok", "wrong_time", "refused", "unknown"

ON_TIME, EARLY, LATE, REVIVED = "on_time", "early", "late", "revived"
TOO_EARLY, TOO_LATE, OTHER_DAY = "too_early", "too_late", "other_day"
OTHER_SITE, CANCELLED, ALREADY, FULFILLED = "other_site", "cancelled", "already", "fulfilled"
NOT_OURS, NOT_IN_LIST = "not_ours", "not_in_list"


@dataclass(frozen=True, slots=True)
class Known:
    """An appointment as the desk sees it. `day` is the city's date of the slot; `has_visit`: one that counts."""

    status: str
    is_here: bool
    starts_at: datetime
    ends_at: datetime
    day: date
    has_visit: bool = False


@dataclass(frozen=True, slots=True)
class CheckIn:
    """`result` chooses the look of the answer, `reason` its words."""

    result: str
    reason: str


def check_in(
    known: Known | None,
    *,
    now: datetime,
    today: date,
    window: timedelta,
    is_ours: bool = True,
    accepts_time: bool = False,
) -> CheckIn:
    """What comes of a check-in at `now`, which is `today` in the city.

    `window`: how early or late still counts as in time. `is_ours`: what was scanned has our form and signature.
    `accepts_time`: the desk has seen that the time is wrong and takes the person in; another day stays another day.
    """
    if not is_ours:
        return CheckIn(UNKNOWN, NOT_OURS)
    if known is None:
        return CheckIn(UNKNOWN, NOT_IN_LIST)
    return _barred(known) or _by_the_clock(known, now, today, window, accepts_time)


def _barred(known: Known) -> CheckIn | None:
    if not known.is_here:
        return CheckIn(REFUSED, OTHER_SITE)
    if known.status == "FULFILLED":
        return CheckIn(REFUSED, FULFILLED)
    if known.status == "CANCELLED":
        return CheckIn(REFUSED, CANCELLED)
    if known.status == "CHECKED_IN" or known.has_visit:
        return CheckIn(REFUSED, ALREADY)
    return None


def _by_the_clock(known: Known, now: datetime, today: date, window: timedelta, accepts_time: bool) -> CheckIn:
    if known.day != today:
        return CheckIn(WRONG_TIME, OTHER_DAY)
    if not accepts_time and now < known.starts_at - window:
        return CheckIn(WRONG_TIME, TOO_EARLY)
    if not accepts_time and now > known.ends_at + window:
        return CheckIn(WRONG_TIME, TOO_LATE)
    if known.status == "NO_SHOW":
        return CheckIn(OK, REVIVED)
    if now < known.starts_at:
        return CheckIn(OK, EARLY)
    return CheckIn(OK, LATE if now > known.ends_at else ON_TIME)
