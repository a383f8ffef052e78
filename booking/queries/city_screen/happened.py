"""What has happened to appointments, by the order in which the ledger learned of it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection

# Events are numbered as they are written, so the newest are found from the end however many there are. A device that
# was offline tells late: that counts in the minute in which it came.
_STATEMENT = """
SELECT width_bucket(event.id - 1, %(bounds)s::bigint[]), site.district_id,
  count(*) FILTER (WHERE event.kind = 'BOOKED'),
  count(*) FILTER (WHERE event.kind = 'CHECKED_IN') - count(*) FILTER (WHERE event.kind = 'CHECK_IN_UNDONE'),
  count(*) FILTER (WHERE event.kind = 'FULFILLED'),
  count(*) FILTER (WHERE event.kind = 'NO_SHOW')
FROM booking_appointmentevent event
JOIN booking_appointment appointment ON appointment.id = event.appointment_id
JOIN booking_slot slot ON slot.id = appointment.slot_id
JOIN sites_site site ON site.id = slot.site_id
WHERE event.id > %(first)s AND event.kind IN ('BOOKED', 'CHECKED_IN', 'CHECK_IN_UNDONE', 'FULFILLED', 'NO_SHOW')
GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many booked, checked in (undone ones taken off), were vaccinated, and did not come."""

    booked: int = 0
    checked_in: int = 0
    fulfilled: int = 0
    no_show: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.booked + other.booked,
            self.checked_in + other.checked_in,
            self.fulfilled + other.fulfilled,
            self.no_show + other.no_show,
        )


def newest_event() -> int:
    """The number of the newest event; 0 without any."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(max(id), 0) FROM booking_appointmentevent")
        return int(cursor.fetchone()[0])


def happened(bounds: Sequence[int]) -> list[dict[str, Counts]]:
    """By district, between each of these events and the next one, and after the last: as many as there are bounds."""
    found: list[dict[str, Counts]] = [{} for _ in bounds]
    with connection.cursor() as cursor:
        cursor.execute(_STATEMENT, {"bounds": list(bounds), "first": bounds[0]})
        for bucket, district, *counts in cursor.fetchall():
            found[bucket - 1][district] = Counts(*counts)
    return found
