"""Somebody takes what is offered to them, places or a leftover dose: once, in time, and only they."""

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction

from booking import enqueue
from booking.models import (
    Appointment,
    EventKind,
    LeftoverRound,
    Message,
    MessageKind,
    Offer,
    OfferState,
    WaitlistEntry,
    WalkIn,
    WalkInSource,
)
from booking.operations.book import claim_for, digest_of
from booking.operations.counted import counted
from booking.operations.explain import already_booked
from booking.operations.freed_places.accept_places import accept_places
from booking.operations.freed_places.locked import is_of_places
from booking.operations.history import note
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import AlreadyBooked, NotEligible, NotFound, SlotClosed
from booking.operations.releases.pausing import refuse_if_paused_in_the_ledger
from booking.operations.touts.locked import refuse_if_locked
from booking.operations.waitlist.decline import decline
from booking.operations.waitlist.locked import locked_offer, promised, refuse_if_gone
from booking.operations.waitlist.refusals import OfferGone
from booking.operations.waitlist.todays_slot import todays_slot
from booking.operations.walk_ins.extra_place import extra_place
from booking.queries.appointments import AppointmentFacts, appointment_of
from booking.queries.bookables import bookables
from booking.rules.eligibility import decide
from booking.rules.references import new_reference


@counted("accept_offer")
def accept(*, account_id: int, offer_id: UUID, now: datetime) -> AppointmentFacts:
    """Turn the offer into an appointment; a second time returns the same one. A leftover dose is outside the quota.

    Offered places become an appointment each; the entry's own patient's is returned. Raises NotFound; OfferGone if it
    was not answered in time, was declined or withdrawn, or no dose is left; AlreadyBooked, NotEligible and SlotClosed,
    after which it goes to the next person; BookingLocked; Paused; Busy.
    """
    refuse_if_locked(account_id)
    if is_of_places(offer_id):
        return accept_places(account_id=account_id, offer_id=offer_id, now=now)
    try:
        facts = _accepted(account_id, offer_id, now=now)
    except IntegrityError:
        # one_live_appointment_per_person_and_dose: they have booked in this very moment.
        _pass_on(account_id, offer_id, now=now)
        raise AlreadyBooked(reference=None) from None
    except (AlreadyBooked, NotEligible):
        _pass_on(account_id, offer_id, now=now)
        raise
    if facts is None:
        raise NotFound(what="appointment")
    return facts


@again_if_undone
def _accepted(account_id: int, offer_id: UUID, *, now: datetime) -> AppointmentFacts | None:
    with transaction.atomic():
        reference = _accept(account_id, offer_id, now=now)
        return appointment_of(account_id, reference)


def _accept(account_id: int, offer_id: UUID, *, now: datetime) -> str:
    offer, round_ = locked_offer(account_id, offer_id)
    if offer.appointment is not None:
        return offer.appointment.reference
    refuse_if_gone(offer, round_, now=now)
    if promised(round_) >= round_.doses:
        raise OfferGone(reason="taken")
    refuse_if_paused_in_the_ledger()
    appointment = _write(offer, round_, account_id, now=now)
    offer.state, offer.answered_at, offer.appointment = OfferState.ACCEPTED, now, appointment
    offer.save(update_fields=["state", "answered_at", "appointment"])
    WaitlistEntry.objects.filter(pk=offer.entry_id).update(ended_at=now)
    enqueue.advance_leftovers(now=now)
    enqueue.send_messages(now=now)
    return appointment.reference


def _write(offer: Offer, round_: LeftoverRound, account_id: int, *, now: datetime) -> Appointment:
    slot_id = todays_slot(round_.site_id, round_.programme_id, until=round_.until)
    if slot_id is None:
        raise SlotClosed()
    patient_id = offer.entry.patient_id
    person, dose = _dose(account_id, patient_id, slot_id)
    request_key = f"offer {offer.pk}"
    claim = claim_for(account_id, request_key)
    given = extra_place(slot_id, claim, WalkInSource.LEFTOVER, by=round_.by_id, now=now)
    row = Appointment.objects.create(
        reference=new_reference(),
        slot=given.slot,
        place=given.place,
        patient_id=patient_id,
        person=person,
        programme_id=round_.programme_id,
        dose=dose,
        booked_by_id=account_id,
        booked_at=now,
        # No caller's key holds a blank.
        request_key=request_key,
        request_digest=digest_of(slot_id, patient_id, None),
        claim=claim,
    )
    note(row, EventKind.BOOKED, by=account_id, now=now, slot=slot_id, place=given.place, offer=str(offer.pk))
    WalkIn.objects.create(
        appointment=row,
        slot=given.slot,
        source=WalkInSource.LEFTOVER,
        return_at=round_.until,
        by_id=round_.by_id,
        at=now,
    )
    key = f"{MessageKind.BOOKED}:{row.reference}"
    Message.objects.create(key=key, kind=MessageKind.BOOKED, appointment=row, created_at=now, due_at=now)
    return row


def _dose(account_id: int, patient_id: UUID, slot_id: int) -> tuple[UUID, int]:
    found = bookables([(patient_id, account_id, slot_id)])[0]
    if found is None:
        raise NotFound(what="patient")
    decision = decide(found.slot.rules, found.person, on=found.slot.day)
    if decision.dose is None:
        raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    booked = already_booked(found.person_key, found.slot.programme_id, decision.dose, account_id=account_id)
    if booked is not None:
        raise booked
    return found.person_key, decision.dose


def _pass_on(account_id: int, offer_id: UUID, *, now: datetime) -> None:
    """Whoever cannot have the dose does not keep it from others until the time for an answer is over."""
    decline(account_id=account_id, offer_id=offer_id, now=now)
