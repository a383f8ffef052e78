"""Public holidays, and the weekend days that are worked to make up for them, as the state announced them."""

from dataclasses import dataclass
from datetime import date

import chinese_calendar


@dataclass(frozen=True, slots=True)
class SpecialDay:
    """A day that the announcement names. `name` is a key ("National Day"); it is worked or it is not."""

    name: str
    is_worked: bool


def special_day(day: date) -> SpecialDay | None:
    """What the announcement says of the day; None for ordinary days, and for years that it does not cover."""
    if not is_announced(day.year):
        return None
    is_off, name = chinese_calendar.get_holiday_detail(day)
    return SpecialDay(name, is_worked=not is_off) if name else None


def is_announced(year: int) -> bool:
    """Whether the year's holidays are known here. They are announced each November for the year after."""
    return any(day.year == year for day in chinese_calendar.holidays)
