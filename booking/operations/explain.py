"""Why the ledger did not write a booking. Asked only after it refused, so that the usual way stays short."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from accounts.models import Patient
from booking.models import LIVE, Appointment, Slot
from booking.operations.refusals import AlreadyBooked, NotOpen, Refusal, RequestKeyReused, SlotClosed
from booking.queries.appointments import AppointmentFacts, answered_before

if TYPE_CHECKING:
    from booking.operations.write_bookings import Request


@dataclass(frozen=True, slots=True)
class Explained:
    """An earlier appointment of this very request, or a refusal; neither means that the place number was the fault."""

    earlier: AppointmentFacts | None = None
    claim: str | None = None
    refusal: Refusal | None = None


def explain(request: Request, *, now: datetime) -> Explained:
    """Look for what stands in the way: first this request's own earlier try, then the slot, then the patient."""
    before = answered_before(request.account_id, request.request_key)
    if before is not None:
        facts, digest, claim = before
        if digest != request.digest:
            return Explained(refusal=RequestKeyReused())
        return Explained(earlier=facts, claim=claim)

    slot = Slot.objects.filter(pk=request.slot_id).first()
    if slot is None or slot.closed_at is not None:
        return Explained(refusal=SlotClosed())
    if slot.opens_at > now:
        return Explained(refusal=NotOpen(opens_at=slot.opens_at))

    other = (
        Appointment.objects.filter(person__in=_person_of(request), programme_id=slot.programme_id, status__in=LIVE)
        .order_by("-pk")
        .values_list("reference", "booked_by_id")
        .first()
    )
    if other is not None:
        # To another account the reference would say more than that the dose is booked.
        return Explained(refusal=AlreadyBooked(reference=other[0] if other[1] == request.account_id else None))
    return Explained()


def _person_of(request: Request) -> list[UUID]:
    return list(
        Patient.objects.filter(pk=request.patient_id, user_id=request.account_id).values_list("person", flat=True)
    )
