"""How a site's day stands in five numbers."""

from dataclasses import asdict, dataclass
from datetime import date

from django.db import connection

from booking.queries.availability import day_bounds

_COUNTED = """
SELECT
  count(*) FILTER (WHERE status <> 'CANCELLED'),
  count(*) FILTER (WHERE status IN ('ARRIVED', 'TRIAGED')),
  count(*) FILTER (WHERE status = 'IN_PROGRESS'),
  (SELECT count(*) FROM booking_appointment a JOIN booking_slot s ON s.id = a.slot_id
   WHERE s.site_id = %(site)s AND s.starts_at >= %(start)s AND s.starts_at < %(end)s AND a.status = 'BOOKED'),
  (SELECT coalesce(sum(r.doses), 0) - (
     SELECT count(*) FROM booking_offer o JOIN booking_leftoverround q ON q.id = o.round_id
     WHERE q.site_id = %(site)s AND q.state = 'RUNNING' AND o.state = 'ACCEPTED')
   FROM booking_leftoverround r WHERE r.site_id = %(site)s AND r.state = 'RUNNING')
FROM booking_visit WHERE site_id = %(site)s AND day = %(day)s
"""


@dataclass(frozen=True, slots=True)
class Counters:
    """Who came, who is still expected, who waits (for questions or the dose), who is observed; doses left over."""

    arrived: int
    due: int
    waiting: int
    observed: int
    leftover: int

    def shown(self) -> dict[str, int]:
        """As a dictionary."""
        return asdict(self)


def counters_of(*, site_id: int, day: date) -> Counters:
    """The site's day as it stands; one statement."""
    start, end = day_bounds(day, day)
    with connection.cursor() as cursor:
        cursor.execute(_COUNTED, {"site": site_id, "day": day, "start": start, "end": end})
        arrived, waiting, observed, due, leftover = cursor.fetchone()
    return Counters(arrived, due, waiting, observed, max(int(leftover), 0))
