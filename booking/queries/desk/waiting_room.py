"""A site's waiting room as its scans tell it: who waits for what, how long it takes, who may leave."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from booking.rules.waiting import minutes_told

# How long ago somebody was called to count for what the next one waits.
_MEASURED = timedelta(minutes=30)
_MOST_LEAVING = 9

_STATEMENT = """
WITH today AS (
  SELECT *, coalesce(called_at, vaccinated_at) AS seen_at FROM booking_visit
  WHERE site_id = %(site)s AND day = %(day)s AND status <> 'CANCELLED'
)
SELECT
  count(*) FILTER (WHERE status = 'ARRIVED'),
  count(*) FILTER (WHERE status = 'TRIAGED'),
  count(*) FILTER (WHERE status = 'IN_PROGRESS'),
  count(*) FILTER (WHERE arrived_at > %(hour)s),
  count(*) FILTER (WHERE seen_at > %(measured)s),
  percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM seen_at - arrived_at))
    FILTER (WHERE seen_at > %(measured)s),
  (SELECT array_agg(ticket ORDER BY observe_until) FROM (
     SELECT ticket, observe_until FROM today WHERE status = 'IN_PROGRESS' AND observe_until <= %(now)s
     ORDER BY observe_until DESC LIMIT %(most)s) AS done)
FROM today
"""


@dataclass(frozen=True, slots=True)
class WaitingRoom:
    """People waiting for the questions, for the dose, and under observation; how many came within the hour.

    `minutes` is the median from arriving to being called, None where too few were called lately; `may_leave` are
    tickets whose observation is over.
    """

    for_questions: int
    for_dose: int
    observed: int
    came: int
    minutes: int | None
    may_leave: tuple[int, ...]

    @property
    def waiting(self) -> int:
        """Those who have not had their dose yet."""
        return self.for_questions + self.for_dose


def waiting_room(site_id: int, *, now: datetime) -> WaitingRoom:
    """As it is now; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            _STATEMENT,
            {
                "site": site_id,
                "day": timezone.localdate(now),
                "now": now,
                "hour": now - timedelta(hours=1),
                "measured": now - _MEASURED,
                "most": _MOST_LEAVING,
            },
        )
        questions, dose, observed, came, waits, median, leaving = cursor.fetchone()
    minutes = minutes_told(None if median is None else float(median), waits=waits)
    return WaitingRoom(questions, dose, observed, came, minutes, tuple(leaving or ()))
