"""When somebody is told of a dose that is due, and which time suits them: as near as possible to how it was before."""

from collections.abc import Iterable
from datetime import datetime, timedelta

# Told in the morning, when nobody is woken and offices answer the phone.
_FROM, _UNTIL = 9, 12
# So long after the first day with a place the usual weekday is waited for.
_PATIENCE = timedelta(days=6)


def is_time_to_tell(local: datetime) -> bool:
    """Whether it is morning by the city's clock."""
    return _FROM <= local.hour < _UNTIL


def best_time(free: Iterable[datetime], *, before: datetime) -> datetime | None:
    """Of the free times, in the city's time and in order, the one most like that of the dose before.

    The same weekday within a week of the first free day, or else the first free day; on it the nearest time of day.
    """
    times = list(free)
    if not times:
        return None
    near = [time for time in times if time.date() <= times[0].date() + _PATIENCE]
    day = next((time.date() for time in near if time.weekday() == before.weekday()), times[0].date())
    return min((time for time in near if time.date() == day), key=lambda time: (_apart(time, before), time))


def _apart(one: datetime, other: datetime) -> int:
    return abs((one.hour - other.hour) * 60 + one.minute - other.minute)
