"""Somebody has arrived: a visit with its number. Whatever way they came, this is how it is written."""

from django.utils import timezone

from booking.models import Appointment, EventKind, RelocationState, Status, Visit
from booking.models.turns import wait_for_turn
from booking.operations.desk.act import Act
from booking.operations.history import note
from booking.operations.relocations.answers import settle
from sites.models import Site

# A number whose check-in was undone is not given again: somebody may have it on a slip of paper.
_OPEN = """
INSERT INTO booking_visit
  (appointment_id, site_id, day, ticket, status, arrived_at, arrived_desk, called_desk, left_early)
SELECT %(appointment)s, %(site)s, %(day)s, coalesce(max(ticket), 0) + 1, 'ARRIVED', %(at)s, %(desk)s, '', ''
FROM booking_visit WHERE site_id = %(site)s AND day = %(day)s
RETURNING *
"""


def arrive(row: Appointment, act: Act, *, site: Site) -> Visit:
    """Check the locked appointment in at the site, in the caller's transaction; the visit has the next number.

    The numbers of a site's day are given one after the other, so let this be the last thing that the transaction does.
    Raises IntegrityError if the person has another live appointment for the dose meanwhile.
    """
    row.status = Status.CHECKED_IN
    row.save(update_fields=["status"])
    # Whoever comes to the place that the city has chosen has taken it.
    settle([row.pk], RelocationState.ACCEPTED, now=act.happened_at)
    note(row, EventKind.CHECKED_IN, by=act.by, now=act.happened_at, desk=act.desk, offline=act.offline)
    # Last, because others wait for their number until we commit.
    return open_visit(row, act, site=site)


def open_visit(row: Appointment, act: Act, *, site: Site) -> Visit:
    """A visit with the next number, whatever becomes of the appointment: somebody was there."""
    day = timezone.localdate(act.happened_at)
    wait_for_turn(f"desk tickets {site.pk} {day}")
    facts = {"appointment": row.pk, "site": site.pk, "day": day, "at": act.happened_at, "desk": act.desk}
    visit: Visit = Visit.objects.raw(_OPEN, facts)[0]
    visit.appointment, visit.site = row, site
    return visit
