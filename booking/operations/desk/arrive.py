"""Somebody has arrived: a visit with its number. Whatever way they came, this is how it is written."""

from datetime import date

from django.db import connection
from django.db.models import Max
from django.utils import timezone

from booking.models import Appointment, EventKind, Status, Visit
from booking.operations.cancel import note
from booking.operations.desk.act import Act
from sites.models import Site


def arrive(row: Appointment, act: Act, *, site: Site) -> Visit:
    """Check the locked appointment in at the site, in the caller's transaction; the visit has the next number.

    The numbers of a site's day are given one after the other, so let this be the last thing that the transaction does.
    Raises IntegrityError if the person has another live appointment for the dose meanwhile.
    """
    row.status = Status.CHECKED_IN
    row.save(update_fields=["status"])
    visit = open_visit(row, act, site=site)
    note(row, EventKind.CHECKED_IN, by=act.by, now=act.happened_at, desk=act.desk, offline=act.offline)
    return visit


def open_visit(row: Appointment, act: Act, *, site: Site) -> Visit:
    """A visit with the next number, whatever becomes of the appointment: somebody was there."""
    day = timezone.localdate(act.happened_at)
    return Visit.objects.create(
        appointment=row,
        site=site,
        day=day,
        ticket=_next_ticket(site, day),
        arrived_at=act.happened_at,
        arrived_desk=act.desk,
    )


def _next_ticket(site: Site, day: date) -> int:
    _one_at_a_time(site, day)
    # A number whose check-in was undone is not given again: somebody may have it on a slip of paper.
    last = Visit.objects.filter(site=site, day=day).aggregate(last=Max("ticket"))["last"]
    return (last or 0) + 1


def _one_at_a_time(site: Site, day: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"desk tickets {site.pk} {day}"])
