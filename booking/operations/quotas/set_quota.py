"""An administrator sets how many a slot takes, closes it, or opens it again."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime

from django.db import transaction

from booking import admission
from booking.admission import GateDown
from booking.models import Appointment, AppointmentEvent, EventKind, Slot, SlotEvent, SlotEventKind
from booking.operations.refusals import NotFound, QuotaBelowTaken
from booking.queries.availability import forget_site


def set_quota(*, slot_id: int, quota: int, by: int | None, now: datetime) -> Slot:
    """Set the slot's quota and tell the gate after the commit.

    Appointments whose place number lies above the new quota get a free number below it; they keep their time.
    Raises NotFound, and QuotaBelowTaken if more places are taken than the new quota has.
    """
    with transaction.atomic():
        slot = _locked(slot_id)
        before = slot.quota
        rows = Appointment.objects.filter(slot=slot).holding_a_place().order_by("place")
        taken = {row.place: row for row in rows}
        if quota < len(taken):
            raise QuotaBelowTaken(taken=len(taken))
        renumbered = _renumber(taken, quota, now=now)
        slot.quota = quota
        slot.save(update_fields=["quota"])
        SlotEvent.objects.create(
            slot=slot, kind=SlotEventKind.QUOTA_SET, at=now, by_id=by, facts={"from": before, "to": quota}
        )

        def push() -> None:
            admission.set_quota(slot.pk, quota)
            admission.settle_many((slot.pk, row.claim, row.place or 0) for row in renumbered)

        _after_commit(slot, push)
    return slot


def close_slot(*, slot_id: int, by: int | None, now: datetime) -> Slot:
    """No new appointments in this slot; those that exist stay. A second time changes nothing. Raises NotFound."""
    return _set_closed(slot_id, now, SlotEventKind.CLOSED, by=by, now=now)


def reopen_slot(*, slot_id: int, by: int | None, now: datetime) -> Slot:
    """Take appointments again. A second time changes nothing. Raises NotFound."""
    return _set_closed(slot_id, None, SlotEventKind.REOPENED, by=by, now=now)


def _set_closed(
    slot_id: int, closed_at: datetime | None, kind: SlotEventKind, *, by: int | None, now: datetime
) -> Slot:
    with transaction.atomic():
        slot = _locked(slot_id)
        if (slot.closed_at is None) == (closed_at is None):
            return slot
        slot.closed_at = closed_at
        slot.save(update_fields=["closed_at"])
        SlotEvent.objects.create(slot=slot, kind=kind, at=now, by_id=by)
        _after_commit(slot, lambda: admission.set_closed(slot.pk, closed_at is not None))
    return slot


def _locked(slot_id: int) -> Slot:
    # FOR UPDATE waits for the bookings of this slot that are being written, and they for this change.
    slot = Slot.objects.select_for_update(of=("self",)).filter(pk=slot_id).first()
    if slot is None:
        raise NotFound(what="slot")
    return slot


def _renumber(taken: dict[int | None, Appointment], quota: int, *, now: datetime) -> list[Appointment]:
    above = [row for place, row in taken.items() if place is not None and place > quota]
    free = (place for place in range(1, quota + 1) if place not in taken)
    for row, place in zip(above, free, strict=False):
        facts = {"slot": row.slot_id, "from_place": row.place, "place": place}
        row.place = place
        row.save(update_fields=["place"])
        AppointmentEvent.objects.create(appointment=row, kind=EventKind.RENUMBERED, at=now, facts=facts)
    return above


def _after_commit(slot: Slot, push: Callable[[], None]) -> None:
    def run() -> None:
        forget_site(slot.site_id)
        # Without the gate reconcile pushes what the ledger says.
        with suppress(GateDown):
            push()

    transaction.on_commit(run)
