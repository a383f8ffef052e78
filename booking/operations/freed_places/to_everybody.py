"""A number that nobody waits for goes back to everybody."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime

from django.db import connection, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment, AppointmentEvent, EventKind
from booking.operations.freed_places.holder import is_holder


def release_on_commit(slot_id: int, claim: str) -> None:
    """Give the place back at the gate once the ledger has committed that it is free."""

    def release() -> None:
        # Without the gate reconcile brings it back.
        with suppress(GateDown):
            admission.release(slot_id, claim)

    transaction.on_commit(release)


def to_everybody(rows: Sequence[Appointment], *, now: datetime) -> None:
    """Free the numbers of these locked rows in the ledger, and at the gate after the commit."""
    for row in rows:
        release_on_commit(row.slot_id, row.claim)
    let_go(rows, now=now)


def let_go(rows: Sequence[Appointment], *, now: datetime, **facts: object) -> None:
    """Take the numbers away from these locked rows; what only held a number is gone with it."""
    if held := [row.pk for row in rows if is_holder(row)]:
        with connection.cursor() as cursor:
            # Nothing refers to them, so nothing has to be looked for.
            cursor.execute("DELETE FROM booking_appointment WHERE id = ANY(%s)", [held])
    own = [row for row in rows if not is_holder(row)]
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(
            appointment=row,
            kind=EventKind.PLACE_RELEASED,
            at=now,
            facts={"slot": row.slot_id, "place": row.place, **facts},
        )
        for row in own
    )
    Appointment.objects.filter(pk__in=[row.pk for row in own]).update(place=None, release_at=None, kept_for=None)
    for row in rows:
        row.place = row.release_at = row.kept_for = None
