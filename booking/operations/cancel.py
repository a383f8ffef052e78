"""A citizen gives a place up, and may take that back for a while."""

from contextlib import suppress
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment, AppointmentEvent, EventKind, Status
from booking.operations.refusals import AlreadyBooked, NotFound, TooLate, WrongStatus
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.rules.changes import CANCEL_REASONS, can_cancel, restorable_until


def own_appointment(account_id: int, reference: str) -> Appointment:
    """The account's appointment, locked until the transaction ends. Raises NotFound, also for somebody else's."""
    row = (
        Appointment.objects.select_for_update(of=("self",))
        .select_related("patient", "programme", "slot__site")
        .filter(booked_by_id=account_id, reference=reference)
        .first()
    )
    if row is None:
        raise NotFound(what="appointment")
    return row


def note(appointment: Appointment, kind: EventKind, *, by: int | None, now: datetime, **facts: object) -> None:
    """Add to the appointment's history, in the caller's transaction."""
    AppointmentEvent.objects.create(appointment=appointment, kind=kind, at=now, by_id=by, facts=facts)


def release_on_commit(slot_id: int, claim: str) -> None:
    """Give the place back at the gate once the ledger has committed that it is free."""

    def release() -> None:
        # Without the gate reconcile brings it back.
        with suppress(GateDown):
            admission.release(slot_id, claim)

    transaction.on_commit(release)


def cancel(*, account_id: int, reference: str, now: datetime, reason: str = "") -> AppointmentFacts:
    """Give the appointment up; a second time changes nothing. The place stays the patient's for the undo window.

    `reason` is one of rules.changes.CANCEL_REASONS, or nothing. Raises NotFound; TooLate once the slot has begun;
    WrongStatus after check-in.
    """
    if reason and reason not in CANCEL_REASONS:
        raise ValueError("not a reason")
    with transaction.atomic():
        row = own_appointment(account_id, reference)
        if row.status == Status.CANCELLED:
            return facts_of(row)
        if row.status != Status.BOOKED:
            raise WrongStatus(status=row.status)
        if not can_cancel(starts_at=row.slot.starts_at, now=now):
            raise TooLate()
        row.status = Status.CANCELLED
        row.cancelled_at = now
        row.restorable_until = restorable_until(
            starts_at=row.slot.starts_at,
            now=now,
            undo=timedelta(seconds=settings.UNDO_SECONDS),
            no_undo_within=timedelta(seconds=settings.NO_UNDO_WITHIN_SECONDS),
        )
        facts = {"slot": row.slot_id, "place": row.place, **({"reason": reason} if reason else {})}
        note(row, EventKind.CANCELLED, by=account_id, now=now, **facts)
        if row.restorable_until is None:
            note(row, EventKind.PLACE_RELEASED, by=None, now=now, slot=row.slot_id, place=row.place)
            row.place = None
            release_on_commit(row.slot_id, row.claim)
        row.save(update_fields=["status", "cancelled_at", "restorable_until", "place"])
    return facts_of(row)


def restore(*, account_id: int, reference: str, now: datetime) -> AppointmentFacts:
    """Undo a cancellation within its window; on a live appointment this changes nothing.

    Raises NotFound; TooLate after the window; AlreadyBooked if the patient has taken another place meanwhile.
    """
    try:
        with transaction.atomic():
            row = own_appointment(account_id, reference)
            if row.status == Status.BOOKED:
                return facts_of(row)
            if row.status != Status.CANCELLED:
                raise WrongStatus(status=row.status)
            if row.place is None or row.restorable_until is None or now >= row.restorable_until:
                raise TooLate()
            row.status = Status.BOOKED
            row.cancelled_at = row.restorable_until = None
            row.save(update_fields=["status", "cancelled_at", "restorable_until"])
            note(row, EventKind.RESTORED, by=account_id, now=now, slot=row.slot_id, place=row.place)
    except IntegrityError:
        # one_live_appointment_per_person_and_dose is the only constraint that this update can meet.
        raise AlreadyBooked(reference=None) from None
    return facts_of(row)


def release_places(*, now: datetime, batch: int = 500) -> int:
    """Give back the places of cancellations whose undo window is over; returns how many. Safe to run twice."""
    with transaction.atomic():
        rows = list(
            Appointment.objects.select_for_update(skip_locked=True)
            .filter(status=Status.CANCELLED, place__isnull=False, restorable_until__lte=now)
            .order_by("pk")[:batch]
        )
        for row in rows:
            note(row, EventKind.PLACE_RELEASED, by=None, now=now, slot=row.slot_id, place=row.place)
            release_on_commit(row.slot_id, row.claim)
        Appointment.objects.filter(pk__in=[row.pk for row in rows]).update(place=None)
    return len(rows)
