"""What each hour at each site came to, counted from slots and appointments into a table that figures are read from."""

from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from booking import enqueue
from booking.queries.availability import day_bounds
from booking.queries.figures.age import remember_counting
from booking.rules.figures import days_to_count

# A statement counts one day; a job counts so many, and then lets messages go out before it goes on.
DAYS_AT_ONCE = 10
# Seconds after which somebody may ask for another counting.
_ASK_AGAIN = 60

# A counting that began earlier saw less: what a later one wrote stays.
_NOT_OLDER = "figure.counted_at <= excluded.counted_at"

# Slots are looked up by programme and start, appointments slot by slot through their index, so that a day costs what a
# day holds, however many appointments there are. A closed slot offers no more than what was taken of it. An hour that
# has lost its slots is counted too, as nothing. A row that only holds a number that was left is no cancellation. In one
# order, so that two countings never wait for each other in turn.
_COUNT = """
INSERT INTO booking_hourfigure AS figure (site_id, programme_id, day, hour, quota, taken, checked_in, fulfilled,
  no_show, cancelled, lead_days, lead_count, counted_at)
SELECT site_id, programme_id, %(day)s, hour, sum(quota), sum(taken), sum(checked_in), sum(fulfilled),
  sum(no_show), sum(cancelled), sum(lead_days), sum(lead_count), %(now)s
FROM (
  SELECT slot.site_id, slot.programme_id, extract(hour FROM slot.starts_at AT TIME ZONE %(zone)s)::int AS hour,
    CASE WHEN slot.closed_at IS NULL THEN slot.quota ELSE least(slot.quota, counted.taken) END AS quota, counted.*
  FROM booking_programme programme
  JOIN booking_slot slot ON slot.programme_id = programme.id
    AND slot.starts_at >= %(start)s AND slot.starts_at < %(end)s AND slot.withdrawn_at IS NULL
  CROSS JOIN LATERAL (
    SELECT count(place) AS taken,
      count(*) FILTER (WHERE status = 'CHECKED_IN') AS checked_in,
      count(*) FILTER (WHERE status = 'FULFILLED') AS fulfilled,
      count(*) FILTER (WHERE status = 'NO_SHOW') AS no_show,
      count(*) FILTER (WHERE status = 'CANCELLED' AND request_digest <> 'freed place') AS cancelled,
      coalesce(sum(greatest(%(day)s - (booked_at AT TIME ZONE %(zone)s)::date, 0))
        FILTER (WHERE status <> 'CANCELLED'), 0) AS lead_days,
      count(*) FILTER (WHERE status <> 'CANCELLED') AS lead_count
    FROM booking_appointment WHERE slot_id = slot.id
  ) counted
  UNION ALL
  SELECT site_id, programme_id, hour, 0, 0, 0, 0, 0, 0, 0, 0 FROM booking_hourfigure WHERE day = %(day)s
) hours
GROUP BY site_id, programme_id, hour
ORDER BY site_id, programme_id, hour
ON CONFLICT ON CONSTRAINT one_figure_per_hour DO UPDATE SET
  quota = excluded.quota, taken = excluded.taken, checked_in = excluded.checked_in, fulfilled = excluded.fulfilled,
  no_show = excluded.no_show, cancelled = excluded.cancelled, lead_days = excluded.lead_days,
  lead_count = excluded.lead_count, counted_at = excluded.counted_at
WHERE {not_older} AND (figure.quota, figure.taken, figure.checked_in, figure.fulfilled, figure.no_show,
  figure.cancelled, figure.lead_days, figure.lead_count) <> (excluded.quota, excluded.taken, excluded.checked_in,
  excluded.fulfilled, excluded.no_show, excluded.cancelled, excluded.lead_days, excluded.lead_count)
"""


def count_figures(*days: date, now: datetime) -> int:
    """Count the days from the first to the last given, or those that may have changed; returns how many hours differ.

    At most DAYS_AT_ONCE of them; the rest is a job of its own. Safe to run twice, and twice at once.
    """
    local = timezone.localtime(now, timezone.get_default_timezone())
    first, last = (min(days), max(days)) if days else days_to_count(local)
    end = min(last, first + timedelta(days=DAYS_AT_ONCE - 1))
    written = sum(_count_day(first + timedelta(days=n), now) for n in range((end - first).days + 1))
    if end < last:
        enqueue.count_figures(end + timedelta(days=1), last, now=now)
    elif last >= days_to_count(local)[1]:
        remember_counting(now=now)
    return written


def ask_for_counting(*, now: datetime) -> bool:
    """Have the figures counted now; False if somebody has asked for it within the last minute."""
    if not cache.add("figures:asked", now, _ASK_AGAIN):
        return False
    enqueue.count_figures(now=now)
    return True


def _count_day(day: date, now: datetime) -> int:
    start, end = day_bounds(day, day)
    facts: dict[str, Any] = {"day": day, "start": start, "end": end, "zone": settings.TIME_ZONE, "now": now}
    with connection.cursor() as cursor:
        cursor.execute(_COUNT.format(not_older=_NOT_OLDER), facts)
        return int(cursor.rowcount)
