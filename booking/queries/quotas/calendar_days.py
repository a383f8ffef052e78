"""The heads of the calendar's columns: weeks, public holidays, days on which a site takes nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.models import ClosedDay
from booking.rules.holidays import SpecialDay, is_announced, special_day


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A date with what the holiday announcement says of it."""

    date: date
    special: SpecialDay | None
    is_today: bool
    is_past: bool


def monday_of(day: date) -> date:
    """The first day of its week."""
    return day - timedelta(days=day.weekday())


def days_from(first: date, count: int, *, today: date) -> list[CalendarDay]:
    """So many days in a row."""
    dates = [first + timedelta(days=n) for n in range(count)]
    return [CalendarDay(day, special_day(day), day == today, day < today) for day in dates]


def unannounced_years(days: Sequence[CalendarDay]) -> list[int]:
    """The years among these days whose holidays are not known here."""
    return sorted(year for year in {day.date.year for day in days} if not is_announced(year))


def closed_days(site_ids: Sequence[int], first: date, last: date) -> dict[tuple[int, date], str]:
    """The reason, perhaps empty, of each (site, day) on which the site takes nobody. One statement."""
    found = ClosedDay.objects.filter(site_id__in=site_ids, day__range=(first, last)).order_by()
    return {(site, day): reason for site, day, reason in found.values_list("site_id", "day", "reason")}
