"""Two weeks of a district as administrators see it: a row for each site, a column for each day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from booking.queries.availability import day_bounds
from booking.queries.quotas.calendar_days import CalendarDay, closed_days, days_from
from booking.rules.cell_states import NONE, day_state
from sites.models import Site

DAYS = 14

# The inner query counts taken places by the index on slot and place alone.
_SUMS = """
WITH shown AS MATERIALIZED (
  SELECT id, site_id, (starts_at AT TIME ZONE %(zone)s)::date AS day, quota, closed_at IS NOT NULL AS closed,
         starts_at <= %(now)s AS over, opens_at > %(now)s AS not_open
  FROM booking_slot
  WHERE site_id = ANY(%(sites)s) AND programme_id = ANY(%(programmes)s)
    AND starts_at >= %(start)s AND starts_at < %(end)s AND withdrawn_at IS NULL
), counted AS (
  SELECT a.slot_id, count(a.place) AS taken
  FROM booking_appointment a JOIN shown s ON s.id = a.slot_id
  WHERE a.place IS NOT NULL GROUP BY a.slot_id
)
SELECT s.site_id, s.day, count(*), count(*) FILTER (WHERE s.closed),
       count(*) FILTER (WHERE NOT s.closed AND s.over),
       count(*) FILTER (WHERE NOT s.closed AND NOT s.over AND s.not_open),
       coalesce(sum(c.taken) FILTER (WHERE NOT s.closed), 0)::int,
       coalesce(sum(s.quota) FILTER (WHERE NOT s.closed), 0)::int,
       coalesce(sum(c.taken) FILTER (WHERE s.closed), 0)::int
FROM shown s LEFT JOIN counted c ON c.slot_id = s.id
GROUP BY s.site_id, s.day
"""


@dataclass(frozen=True, slots=True)
class SiteDay:
    """A site's day in numbers and one word. `taken` and `quota` leave out closed slots."""

    day: date
    state: str = NONE
    taken: int = 0
    quota: int = 0
    closed_slots: int = 0
    taken_in_closed: int = 0
    is_closed_day: bool = False
    reason: str = ""


@dataclass(frozen=True, slots=True)
class SiteRow:
    """A site with its days."""

    site: Site
    days: list[SiteDay]


@dataclass(frozen=True, slots=True)
class DistrictCalendar:
    """The two weeks."""

    days: list[CalendarDay]
    rows: list[SiteRow]


def district_calendar(
    *, sites: Sequence[Site], first: date, programme_ids: Sequence[int], now: datetime
) -> DistrictCalendar:
    """Fourteen days of these sites, the slots of these programmes only. Two statements, however many sites."""
    days = days_from(first, DAYS, today=timezone.localdate(now))
    ids = [site.pk for site in sites]
    sums = _sums(ids, first, programme_ids, now)
    closed = closed_days(ids, first, days[-1].date)

    def site_day(site: int, day: date) -> SiteDay:
        shut = closed.get((site, day))
        known = sums.get((site, day), (0, 0, 0, 0, 0, 0, 0))
        slots, closed_slots, over, not_open, taken, quota, taken_in_closed = known
        state = day_state(slots=slots, closed=closed_slots, over=over, not_open=not_open, taken=taken, quota=quota)
        return SiteDay(day, state, taken, quota, closed_slots, taken_in_closed, shut is not None, shut or "")

    rows = [SiteRow(site, [site_day(site.pk, day.date) for day in days]) for site in sites]
    return DistrictCalendar(days, rows)


def _sums(
    site_ids: list[int], first: date, programme_ids: Sequence[int], now: datetime
) -> dict[tuple[int, date], tuple[int, ...]]:
    start, end = day_bounds(first, first + timedelta(days=DAYS - 1))
    with connection.cursor() as cursor:
        cursor.execute(
            _SUMS,
            {
                "zone": settings.TIME_ZONE,
                "now": now,
                "sites": site_ids,
                "programmes": list(programme_ids),
                "start": start,
                "end": end,
            },
        )
        return {(row[0], row[1]): row[2:] for row in cursor.fetchall()}
