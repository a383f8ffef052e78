"""The doses of one person in one programme: what happens to one of them concerns those after it."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from booking.models import LIVE, Appointment, Status
from booking.operations.refusals import NotFound


def locked_series(account_id: int, reference: str) -> tuple[Appointment, list[Appointment]]:
    """The account's appointment, and the person's live ones in its programme by dose, locked in the transaction.

    If the appointment is cancelled, those that were cancelled by the same act are locked and among them too. All are
    locked in the order of their keys: two acts on one series then wait, and do not deadlock. Raises NotFound, also for
    somebody else's.
    """
    own = Appointment.objects.filter(booked_by_id=account_id, reference=reference).first()
    if own is None:
        raise NotFound(what="appointment")
    live = Appointment.objects.live().filter(person=own.person, programme_id=own.programme_id)
    keys = {own.pk, *live.values_list("pk", flat=True)}
    if own.cancelled_at is not None:
        same_act = Appointment.objects.filter(
            patient_id=own.patient_id, programme_id=own.programme_id, cancelled_at=own.cancelled_at
        )
        keys |= set(same_act.values_list("pk", flat=True))
    rows = _locked(keys)
    if len(rows) < len(keys):
        # Whoever held the locks before us has moved one: joined with its old slot it is not found. It is locked now.
        rows = _locked(keys)
    row = next(found for found in rows if found.pk == own.pk)
    return row, sorted((found for found in rows if found.pk == row.pk or _belongs(found, row)), key=lambda r: r.dose)


def _locked(keys: set[int]) -> list[Appointment]:
    rows = Appointment.objects.select_for_update(of=("self",)).select_related("patient", "programme", "slot__site")
    return list(rows.filter(pk__in=keys).order_by("pk"))


def _belongs(found: Appointment, row: Appointment) -> bool:
    if found.status in LIVE:
        return True
    return row.cancelled_at is not None and found.cancelled_at == row.cancelled_at


def later_of(row: Appointment, series: Sequence[Appointment]) -> list[Appointment]:
    """The account's own later doses that are booked: what is done to this one may be done to them."""
    return [
        other
        for other in series
        if other.dose > row.dose and other.status == Status.BOOKED and other.booked_by_id == row.booked_by_id
    ]


def live_series(row: Appointment) -> list[Appointment]:
    """The person's live appointments in the programme, by dose, as they stand now; not locked."""
    rows = Appointment.objects.live().filter(person=row.person, programme_id=row.programme_id)
    return list(rows.select_related("slot").order_by("dose"))


def day_of(row: Appointment) -> date:
    """The city's date of the appointment."""
    return timezone.localdate(row.slot.starts_at)
