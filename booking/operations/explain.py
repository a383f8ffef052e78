"""Why the ledger did not write a booking. Asked only after it refused, so that the usual way stays short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from booking.models import Appointment, Slot
from booking.models.statements import LedgerClock
from booking.operations.refusals import AlreadyBooked, NotOpen, Refusal, RequestKeyReused, SlotClosed
from booking.operations.releases.pausing import paused
from booking.queries.appointments import AppointmentFacts, answered_before
from booking.queries.bookables import bookables
from booking.queries.pause import open_pause
from booking.rules.clocks import moment
from booking.rules.eligibility import next_dose

if TYPE_CHECKING:
    from booking.operations.write_bookings import Request


@dataclass(frozen=True, slots=True)
class Explained:
    """An earlier appointment of this very request, or a refusal; neither means that the place number was the fault."""

    earlier: AppointmentFacts | None = None
    claim: str | None = None
    refusal: Refusal | None = None


def earlier_try(request: Request) -> Explained | None:
    """What an earlier try with this request's key has made, or that the key was used for another request."""
    before = answered_before(request.account_id, request.request_key)
    if before is None:
        return None
    facts, digest, claim = before
    if digest != request.digest:
        return Explained(refusal=RequestKeyReused())
    return Explained(earlier=facts, claim=claim)


def explain(request: Request, *, now: datetime) -> Explained:
    """Look for what stands in the way: first this request's own earlier try, then the slot, then the patient."""
    earlier = earlier_try(request)
    if earlier is not None:
        return earlier

    found = bookables([(request.patient_id, request.account_id, request.slot_id)])[0]
    refusal = slot_refuses(request.slot_id, now=now)
    if refusal is None and found is not None:
        dose = next_dose(found.slot.rules, found.person, on=found.slot.day)
        refusal = already_booked(found.person_key, found.slot.programme_id, dose, account_id=request.account_id)
    return Explained(refusal=refusal)


def slot_refuses(slot_id: int, *, now: datetime) -> Refusal | None:
    """Why the slot takes nobody now, whoever it is: because of a pause, or by itself."""
    pause = open_pause()
    if pause is not None:
        return paused(pause)
    slot = Slot.objects.filter(pk=slot_id).annotate(clock=LedgerClock()).first()
    if slot is None or slot.closed_at is not None or slot.starts_at <= now:
        return SlotClosed()
    # As the statement that books: this machine's clock may be wrong.
    return NotOpen(opens_at=slot.opens_at) if slot.opens_at > moment(now=now, ledger=slot.clock) else None


def already_booked(person: UUID, programme_id: int, dose: int, *, account_id: int) -> Refusal | None:
    """The refusal if the person has a live appointment for this dose."""
    other = (
        Appointment.objects.live()
        .filter(person=person, programme_id=programme_id, dose=dose)
        .values_list("reference", "booked_by_id")
        .first()
    )
    # To another account the reference would say more than that the dose is booked.
    return AlreadyBooked(reference=other[0] if other[1] == account_id else None) if other else None
