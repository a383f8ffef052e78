"""Which messages go first, which may wait, and for how long anybody needs them.

A limit holds back what the city says of its own accord. What answers something that a person has just done, and what
concerns the safety of their account, is never held back by one and does not count.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

# Nobody is woken up: from nine in the evening to eight in the morning what can wait does.
QUIET_FROM, QUIET_UNTIL = time(21), time(8)

# The reminder of the day before goes out from this hour on, and is not for what was booked after it; the other so long
# before the start, and not for what was booked less than LEAST_BEFORE before it.
REMIND_FROM = time(18)
REMIND_BEFORE = timedelta(hours=2)
LEAST_BEFORE = timedelta(hours=3)


@dataclass(frozen=True, slots=True)
class Handling:
    """How a kind is handled: the lower its importance, the earlier it goes.

    `limited`: it counts against the receiver's and the city's day and waits when that is full. `by_night`: it is sent
    at any hour. `keeps`: after this time nobody is told any more, even if it could never be sent.
    """

    importance: int
    limited: bool
    by_night: bool
    keeps: timedelta


_SAFETY = Handling(0, limited=False, by_night=True, keeps=timedelta(days=14))
_CONFIRMATION = Handling(1, limited=False, by_night=True, keeps=timedelta(days=7))
_ANSWER = Handling(1, limited=False, by_night=True, keeps=timedelta(hours=12))
_OFFER = Handling(2, limited=True, by_night=True, keeps=timedelta(hours=12))
_REMINDER_HOURS = Handling(3, limited=True, by_night=False, keeps=timedelta(hours=12))
_REMINDER_DAY = Handling(4, limited=True, by_night=False, keeps=timedelta(days=2))
_NEWS = Handling(5, limited=True, by_night=False, keeps=timedelta(days=14))
_SUGGESTION = Handling(6, limited=True, by_night=False, keeps=timedelta(days=14))

HANDLING: dict[str, Handling] = {
    "LOCKED": _SAFETY,
    "HANDED_OVER": _SAFETY,
    "TAKEN_OVER": _SAFETY,
    "BOOKED": _CONFIRMATION,
    "MOVED": _CONFIRMATION,
    "CANCELLED": _CONFIRMATION,
    # What the city does to an appointment cannot wait: it may be tomorrow's.
    "RELOCATED": _CONFIRMATION,
    "CANCELLED_BY_SITE": _CONFIRMATION,
    "TEXT_WHICH": _ANSWER,
    "TEXT_DECLINED": _ANSWER,
    "TEXT_FAILED": _ANSWER,
    "TEXT_HELP": _ANSWER,
    "LEFTOVER_OFFERED": _OFFER,
    "PLACE_OFFERED": _OFFER,
    "REMINDER_HOURS": _REMINDER_HOURS,
    "REMINDER_DAY": _REMINDER_DAY,
    "PLACED_BY_DRAW": Handling(5, limited=False, by_night=False, keeps=timedelta(days=14)),
    "NOT_DRAWN": _NEWS,
    "DRAW_CALLED_OFF": _NEWS,
    "APPEAL_ANSWERED": _NEWS,
    "INVITED": _SUGGESTION,
    "DOSE_DUE": _SUGGESTION,
}


def is_quiet(at: datetime) -> bool:
    """Whether it is night at this local time."""
    return at.time() >= QUIET_FROM or at.time() < QUIET_UNTIL


def next_morning(at: datetime, importance: int) -> datetime:
    """When what waits for the end of this night goes out, the most important first. `at` is local."""
    day = at if at.time() < QUIET_UNTIL else at + timedelta(days=1)
    return day.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0) + timedelta(seconds=importance)


def tomorrow(at: datetime, importance: int) -> datetime:
    """When what found the day full goes out. `at` is local."""
    next_day = at.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return next_morning(next_day, importance)


def wait_after(failures: int, luck: float) -> timedelta:
    """How long to wait after so many failures: half a minute, twice as long each time, half an hour at the most.

    `luck`, from 0 to 1, spreads what failed together over as long again, so that it does not come back together.
    """
    seconds = min(30 * 2 ** min(max(failures - 1, 0), 6), 1800)
    return timedelta(seconds=seconds * (1 + luck) / 2)


def reminder_from(starts_at: datetime) -> datetime:
    """When the reminder of the day before goes out for this local start."""
    day = starts_at - timedelta(days=1)
    return day.replace(hour=REMIND_FROM.hour, minute=0, second=0, microsecond=0)
