"""When a site is open, worked out from the slots it has."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time

MORNING, AFTERNOON = "morning", "afternoon"
PARTS_OF_DAY = (MORNING, AFTERNOON)


def part_of_day(local: datetime) -> str:
    """Which part of the city's day it is."""
    return MORNING if local.hour < 12 else AFTERNOON


@dataclass(frozen=True, slots=True)
class Hours:
    """Neighbouring weekdays with the same sessions; `first` and `last` are any dates on those weekdays."""

    first: date
    last: date
    sessions: tuple[tuple[time, time], ...]


def opening_hours(slots: Iterable[tuple[datetime, datetime]]) -> list[Hours]:
    """The hours of a week, from Monday, out of the starts and ends of slots in the city's time."""
    times: dict[int, set[tuple[time, time]]] = {}
    days: dict[int, date] = {}
    for starts_at, ends_at in slots:
        times.setdefault(starts_at.weekday(), set()).add((starts_at.time(), ends_at.time()))
        days[starts_at.weekday()] = starts_at.date()
    hours: list[Hours] = []
    for weekday in sorted(times):
        sessions = _joined(sorted(times[weekday]))
        before = hours[-1] if hours else None
        if before and before.sessions == sessions and before.last.weekday() == weekday - 1:
            hours[-1] = Hours(before.first, days[weekday], sessions)
        else:
            hours.append(Hours(days[weekday], days[weekday], sessions))
    return hours


def _joined(spans: list[tuple[time, time]]) -> tuple[tuple[time, time], ...]:
    joined: list[tuple[time, time]] = []
    for begins, ends in spans:
        if joined and begins <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], ends))
        else:
            joined.append((begins, ends))
    return tuple(joined)
