"""The slots of the demonstration city: which site opens when, for what and for how many.

Everything follows from the site's code, so that two installations have the same city and a second run finds what the
first one made.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import connection, transaction
from django.utils import timezone

from booking.demo.programmes import COVID_BOOSTER, HPV, INFLUENZA
from booking.models import Programme, SlotEventKind
from booking.queries.availability import forget_site
from sites.models import Site

DAYS_AHEAD = 14
HALF_HOUR = timedelta(minutes=30)
# The first and the last start of each session.
SESSIONS = ((time(8, 30), time(11, 30)), (time(14, 0), time(16, 30)))
RELEASE_TIME = time(8, 0)
SCARCE_RELEASE_DAYS = 7

_ADD = """
WITH added AS (
  INSERT INTO booking_slot (site_id, programme_id, starts_at, ends_at, opens_at, quota)
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::int[])
  ON CONFLICT (site_id, programme_id, starts_at) DO NOTHING
  RETURNING id, quota
), noted AS (
  INSERT INTO booking_slotevent (slot_id, kind, at, facts)
  SELECT id, %s, %s, jsonb_build_object('quota', quota) FROM added
)
SELECT count(*), coalesce(sum(quota), 0) FROM added
"""


@dataclass(frozen=True, slots=True)
class DaySlots:
    """What one day got: how many slots and places this call added."""

    day: date
    slots: int
    places: int


@dataclass(frozen=True, slots=True)
class _Plan:
    site_id: int
    open_at_weekends: bool
    quotas: Mapping[str, int]


def load_slots(
    programmes: Mapping[str, Programme], *, now: datetime, done: Callable[[DaySlots], None] = lambda day: None
) -> list[DaySlots]:
    """Add what is missing of the rest of today and the 14 days after it; `done` hears of each day.

    Slots that exist, whatever somebody has done with them since, are left alone. Days are the city's.
    """
    plans = [_plan(site) for site in Site.objects.filter(is_active=True)]
    today = timezone.localdate(now, timezone.get_default_timezone())
    added = []
    for ahead in range(DAYS_AHEAD + 1):
        day = _load_day(today + timedelta(days=ahead), plans, programmes, now)
        done(day)
        added.append(day)
    if any(day.slots for day in added):
        for plan in plans:
            forget_site(plan.site_id)
    return added


def _plan(site: Site) -> _Plan:
    draw = hashlib.sha256(f"demonstration {site.code}".encode()).digest()
    full = site.quota_per_half_hour
    quotas = {INFLUENZA.code: full}
    if draw[0] < 128:
        # A second team gives the boosters and takes some of the first team's work.
        quotas = {INFLUENZA.code: max(1, full * 2 // 3), COVID_BOOSTER.code: max(1, full // 2)}
    if draw[1] < 26:
        quotas[HPV.code] = 2 + draw[2] % 4
    return _Plan(site.pk, draw[3] < 85, quotas)


def _load_day(day: date, plans: Sequence[_Plan], programmes: Mapping[str, Programme], now: datetime) -> DaySlots:
    starts = [start for start in half_hours(day) if start > now]
    rows = [
        (plan.site_id, programmes[code].pk, start, start + HALF_HOUR, _opens_at(code, day), quota)
        for plan in plans
        if day.weekday() < 5 or plan.open_at_weekends
        for code, quota in plan.quotas.items()
        for start in starts
    ]
    if not rows:
        return DaySlots(day, 0, 0)
    slots, places = add_slots(rows, now=now)
    return DaySlots(day, slots, places)


# Site, programme, start, end, release time, quota.
NewSlot = tuple[int, int, datetime, datetime, datetime, int]


def add_slots(rows: Sequence[NewSlot], *, now: datetime) -> tuple[int, int]:
    """Add those slots that are not there, with their event; how many, and how many places they have together."""
    columns = [list(column) for column in zip(*rows, strict=True)]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ADD, [*columns, SlotEventKind.PUBLISHED, now])
        slots, places = cursor.fetchone()
    return slots, places


def half_hours(day: date) -> Iterator[datetime]:
    """When the slots of a day start."""
    for first, last in SESSIONS:
        start = _in_the_city(day, first)
        while start <= _in_the_city(day, last):
            yield start
            start += HALF_HOUR


def _opens_at(code: str, day: date) -> datetime:
    # The scarce vaccine is released a week before; everything else was open before the first run.
    days = SCARCE_RELEASE_DAYS if code == HPV.code else DAYS_AHEAD + 1
    return _in_the_city(day - timedelta(days=days), RELEASE_TIME)


def _in_the_city(day: date, at: time) -> datetime:
    return datetime.combine(day, at, timezone.get_default_timezone())
