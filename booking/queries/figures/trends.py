"""How bookings, no-shows and lead times go, day by day and week by week, beside the week before."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import F, Max, Q, Sum

from booking.queries.figures.age import counted_at
from booking.queries.figures.heatmap import days_from
from booking.queries.figures.selection import Selection
from booking.queries.stale import may_be_old

_WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Period:
    """A day, or the days of a week that were asked for. None: nothing was counted that this could be made of."""

    first: date
    last: date
    quota: int
    booked: int
    # The same days a week before.
    booked_before: int | None
    fulfilled: int
    no_show: int
    cancelled: int
    # Percent of those who were vaccinated or missing.
    no_show_rate: float | None
    no_show_rate_before: float | None
    # Days from booking to the appointment.
    lead: float | None
    lead_before: float | None

    @property
    def change(self) -> int | None:
        """Percent more or fewer bookings than the week before."""
        before = self.booked_before
        return None if not before else round((self.booked - before) * 100 / before)


@dataclass(frozen=True, slots=True)
class Trends:
    """Days and weeks of the selection, in order; `has_data` is false if nothing was counted for them."""

    days: list[Period]
    weeks: list[Period]
    has_data: bool
    counted_at: datetime | None


@dataclass(frozen=True, slots=True)
class Today:
    """Today so far, and the same weekday a week ago up to the same hour; `booked` is of the whole day."""

    booked: int
    arrived: int
    fulfilled: int
    no_show: int
    before: "Today | None" = None


@dataclass(slots=True)
class _Sums:
    quota: int = 0
    taken: int = 0
    fulfilled: int = 0
    no_show: int = 0
    cancelled: int = 0
    lead_days: int = 0
    lead_count: int = 0


_COLUMNS = tuple(_Sums.__dataclass_fields__)


def trends(selection: Selection) -> Trends:
    """The figures of the selection by day and by week."""

    def read(ledger: str) -> list[tuple[Any, ...]]:
        found = selection.figures(ledger, selection.first - _WEEK, selection.last).values_list("day")
        return list(found.annotate(Max("counted_at"), *(Sum(name) for name in _COLUMNS)))

    by_day: dict[date, _Sums] = {}
    newest: list[datetime] = []
    for day, at, *numbers in may_be_old(read):
        by_day[day] = _Sums(*numbers)
        newest.append(at)
    days = days_from(selection.first, selection.last)
    weeks: dict[date, list[date]] = defaultdict(list)
    for day in days:
        weeks[day - timedelta(days=day.weekday())].append(day)
    return Trends(
        [_period([day], by_day) for day in days],
        [_period(there, by_day) for there in weeks.values()],
        any(day in by_day for day in days),
        counted_at(max(newest, default=None)),
    )


def today(selection: Selection, *, day: date, hour: int) -> Today:
    """What today has come to by this hour, in one statement with a week ago."""
    so_far = Q(hour__lte=hour)

    def read(ledger: str) -> list[tuple[Any, ...]]:
        return list(
            selection.figures(ledger, day - _WEEK, day)
            .filter(day__in=(day, day - _WEEK))
            .values_list("day")
            .annotate(
                booked=Sum("taken"),
                arrived=Sum(F("checked_in") + F("fulfilled"), filter=so_far, default=0),
                vaccinated=Sum("fulfilled", filter=so_far, default=0),
                missing=Sum("no_show", filter=so_far, default=0),
            )
        )

    counts: dict[date, Any] = {row[0]: row[1:] for row in may_be_old(read)}
    before = counts.get(day - _WEEK)
    booked, arrived, vaccinated, missing = counts.get(day, (0, 0, 0, 0))
    return Today(booked, arrived, vaccinated, missing, None if before is None else Today(*before))


def _period(days: Sequence[date], by_day: dict[date, _Sums]) -> Period:
    here = _together(days, by_day) or _Sums()
    before = _together([day - _WEEK for day in days], by_day)
    return Period(
        days[0],
        days[-1],
        here.quota,
        here.taken,
        before.taken if before else None,
        here.fulfilled,
        here.no_show,
        here.cancelled,
        _no_show_rate(here),
        _no_show_rate(before),
        _lead(here),
        _lead(before),
    )


def _together(days: Sequence[date], by_day: dict[date, _Sums]) -> _Sums | None:
    there = [by_day[day] for day in days if day in by_day]
    if not there:
        return None
    return _Sums(*(sum(getattr(one, name) for one in there) for name in _COLUMNS))


def _no_show_rate(sums: _Sums | None) -> float | None:
    expected = sums.fulfilled + sums.no_show if sums else 0
    return round(sums.no_show * 100 / expected, 1) if sums and expected else None


def _lead(sums: _Sums | None) -> float | None:
    return round(sums.lead_days / sums.lead_count, 1) if sums and sums.lead_count else None
