"""The city's numbers, counted once in a few seconds for everybody who looks at them."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from booking.models import CityMinute
from booking.queries.availability import day_bounds
from booking.queries.city_screen.fill import Fill, fill_ahead
from booking.queries.city_screen.happened import Counts, happened
from booking.queries.city_screen.leftovers import leftovers_now
from booking.queries.city_screen.sites_now import waiting_now
from booking.rules.alerts import SiteNow
from sites.models import District, Site

# Seconds; who comes while it is counted anew gets what was counted before.
KEEP = 5
_WEEK = timedelta(days=7)
MINUTES, QUARTERS = 60, 24
_QUARTER = timedelta(minutes=15)

_DAY = """
SELECT district_id, minute >= %(start)s, sum(booked), sum(checked_in), sum(fulfilled), sum(no_show),
  sum(leftover) FILTER (WHERE minute = %(week_ago)s)
FROM booking_districtminute
WHERE minute >= %(start)s OR (minute >= %(start_before)s AND minute <= %(week_ago)s)
GROUP BY 1, 2
"""

_MINUTES = """
SELECT minute, district_id, booked, waiting FROM booking_districtminute WHERE minute > %(since)s ORDER BY minute
"""

_QUARTERS = """
SELECT date_bin('15 minutes', minute, %(start)s), district_id, sum(checked_in)
FROM booking_districtminute WHERE minute >= %(since)s GROUP BY 1, 2
"""


@dataclass(slots=True)
class Day:
    """What a district's day has come to by this time. `leftover` is None where it was not written down."""

    counts: Counts = field(default_factory=Counts)
    leftover: int | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything by district (its code), so that each part of the city can be added up.

    `told_at` is the last minute that the job has written: where it is old, so is everything else.
    """

    counted_at: datetime
    told_at: datetime | None
    today: dict[str, Day]
    week_ago: dict[str, Day]
    minutes: dict[datetime, dict[str, tuple[int, int]]]
    quarters: dict[datetime, dict[str, int]]
    fill: Fill
    waiting: dict[int, SiteNow]
    districts: list[District]
    sites: list[Site]


def counted(*, now: datetime) -> Counted:
    """The numbers, as they were KEEP seconds ago at the most. Nine statements for all processes together."""
    key = "city_screen:counted"
    kept: Counted | None = cache.get(key)
    if kept is not None and (_is_fresh(kept, now) or not cache.add(f"{key}:counting", 1, 10)):
        return kept
    made = _count(now)
    cache.set(key, made, 60)
    cache.delete(f"{key}:counting")
    return made


def _is_fresh(kept: Counted, now: datetime) -> bool:
    return timedelta(0) <= now - kept.counted_at < timedelta(seconds=KEEP)


def _count(now: datetime) -> Counted:
    last = CityMinute.objects.order_by("-minute").first()
    today, week_ago = _days(now, last)
    return Counted(
        counted_at=now,
        told_at=last.minute if last else None,
        today=today,
        week_ago=week_ago,
        minutes=_minutes(now),
        quarters=_quarters(now),
        fill=fill_ahead(now=now),
        waiting={site.site_id: site for site in waiting_now(now=now)},
        districts=list(District.objects.all()),
        sites=list(Site.objects.filter(is_active=True).only("pk", "code", "name", "name_en", "district")),
    )


def _days(now: datetime, last: CityMinute | None) -> tuple[dict[str, Day], dict[str, Day]]:
    day = timezone.localdate(now)
    start, _ = day_bounds(day, day)
    week_ago = (now - _WEEK).replace(second=0, microsecond=0)
    facts = {"start": start, "start_before": start - _WEEK, "week_ago": week_ago}
    today: dict[str, Day] = defaultdict(Day)
    before: dict[str, Day] = {}
    for district, is_today, *counts, leftover in _rows(_DAY, facts):
        if is_today:
            today[district].counts = Counts(*map(int, counts))
        else:
            before[district] = Day(Counts(*map(int, counts)), None if leftover is None else int(leftover))
    # What the job has not written yet.
    for district, since in (happened([last.last_event])[0] if last else {}).items():
        today[district].counts += since
    for district, doses in leftovers_now().items():
        today[district].leftover = doses
    return dict(today), before


def _minutes(now: datetime) -> dict[datetime, dict[str, tuple[int, int]]]:
    found: dict[datetime, dict[str, tuple[int, int]]] = defaultdict(dict)
    for minute, district, booked, waiting in _rows(_MINUTES, {"since": now - timedelta(minutes=MINUTES)}):
        found[minute][district] = (booked, waiting)
    return dict(found)


def _quarters(now: datetime) -> dict[datetime, dict[str, int]]:
    day = timezone.localdate(now)
    start, _ = day_bounds(day, day)
    since = start + ((now - start) // _QUARTER - QUARTERS + 1) * _QUARTER
    found: dict[datetime, dict[str, int]] = defaultdict(dict)
    for quarter, district, checked_in in _rows(_QUARTERS, {"start": start, "since": since}):
        found[quarter][district] = int(checked_in)
    return dict(found)


def _rows(statement: str, facts: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, facts)
        return list(cursor.fetchall())
