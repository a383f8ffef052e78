"""Public holidays and the working days that make up for them, as the State Council announces them each year."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from chinese_calendar.constants import holidays as _holidays
from chinese_calendar.constants import workdays as _workdays

_KNOWN_YEARS = frozenset(day.year for day in _holidays)


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that is not like its weekday: a holiday, or a weekend day on which people work. `name` is the holiday's."""

    day: date
    name: str
    is_holiday: bool


def special_days(first: date, last: date) -> dict[int, list[SpecialDay] | None]:
    """By year, the special days from `first` to `last`; None for a year that was not announced when this was built."""
    found: dict[int, list[SpecialDay] | None] = {}
    for day in _days(first, last):
        if not is_announced(day.year):
            found[day.year] = None
            continue
        known = found.setdefault(day.year, [])
        special = special_day(day)
        if special is not None and known is not None:
            known.append(special)
    return found


def is_announced(year: int) -> bool:
    """Whether the year's holidays are known here. They are announced each November for the year after."""
    return year in _KNOWN_YEARS


def special_day(day: date) -> SpecialDay | None:
    """What the announcement says of the day; None for ordinary days, and for years that it does not cover."""
    if day in _holidays:
        return SpecialDay(day, str(_holidays[day]), True)
    if day in _workdays:
        return SpecialDay(day, str(_workdays[day]), False)
    return None


def _days(first: date, last: date) -> Iterator[date]:
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)
