"""Somebody takes the places that are kept for them: once, in time, all of them or none, and only they."""

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from booking import admission, enqueue
from booking.admission import GateDown
from booking.models import (
    Appointment,
    AppointmentEvent,
    EventKind,
    Message,
    MessageKind,
    Offer,
    OfferState,
    Slot,
    WaitlistEntry,
)
from booking.operations.book import claim_for, digest_of
from booking.operations.explain import already_booked
from booking.operations.freed_places.decline_places import decline_places
from booking.operations.freed_places.locked import lock_offer, refuse_if_gone
from booking.operations.freed_places.members import members_of
from booking.operations.freed_places.pass_on import pass_on
from booking.operations.freed_places.to_everybody import let_go
from booking.operations.once_more import again_if_undone
from booking.operations.refusals import AlreadyBooked, Busy, NotEligible, NotFound, SlotClosed
from booking.operations.releases.pausing import refuse_if_paused_in_the_ledger
from booking.operations.waitlist.refusals import OfferGone
from booking.queries.appointments import AppointmentFacts, appointment_of
from booking.queries.bookables import Bookable, bookables
from booking.rules.eligibility import decide
from booking.rules.references import new_reference

_NOT_FOR_THEM = (AlreadyBooked, NotEligible, SlotClosed)


def accept_places(*, account_id: int, offer_id: UUID, now: datetime) -> AppointmentFacts:
    """Turn the offer into appointments; returns that of the entry's own patient, also when it is asked for again.

    Raises NotFound; OfferGone if it was not answered in time, was declined or withdrawn; AlreadyBooked, NotEligible and
    SlotClosed, after which the places are passed on; Paused; Busy.
    """
    try:
        facts = _accepted(account_id, offer_id, now=now)
    except IntegrityError:
        # one_live_appointment_per_person_and_dose: they have booked in this very moment.
        _pass_on(account_id, offer_id, now=now)
        raise AlreadyBooked(reference=None) from None
    except OperationalError as error:
        raise Busy() from error
    except _NOT_FOR_THEM:
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
    slot, rows, offer = lock_offer(account_id, offer_id)
    if offer.appointment is not None:
        return offer.appointment.reference
    refuse_if_gone(offer, now=now)
    refuse_if_paused_in_the_ledger()
    if slot.closed_at is not None or slot.starts_at <= now or not rows:
        raise SlotClosed()
    members = members_of([offer.entry])[offer.entry_id][: len(rows)]
    doses = _doses(account_id, members, slot)
    # Whoever no longer comes along leaves a place to the next.
    taken, spare = rows[: len(members)], rows[len(members) :]
    booked = _write(offer, slot, taken, list(zip(members, doses, strict=True)), now=now)
    offer.state, offer.answered_at, offer.appointment = OfferState.ACCEPTED, now, booked[0]
    offer.save(update_fields=["state", "answered_at", "appointment"])
    persons = [row.person for row in booked]
    waiting = WaitlistEntry.objects.filter(person__in=persons, programme_id=slot.programme_id, ended_at=None)
    waiting.update(ended_at=now)
    pass_on(spare, now=now)
    enqueue.send_messages(now=now)
    return booked[0].reference


def _doses(account_id: int, members: Sequence[UUID], slot: Slot) -> list[tuple[Bookable, int]]:
    found = bookables([(patient_id, account_id, slot.pk) for patient_id in members])
    doses: list[tuple[Bookable, int]] = []
    for patient_id, one in zip(members, found, strict=True):
        if one is None:
            raise NotFound(what="patient").about(patient=patient_id)
        if not one.slot.is_active:
            raise SlotClosed()
        decision = decide(one.slot.rules, one.person, on=one.slot.day)
        if decision.dose is None:
            raise NotEligible(reason=decision.reason, from_date=decision.from_date).about(patient=patient_id)
        booked = already_booked(one.person_key, slot.programme_id, decision.dose, account_id=account_id)
        if booked is not None:
            raise booked.about(patient=patient_id)
        doses.append((one, decision.dose))
    return doses


def _write(
    offer: Offer,
    slot: Slot,
    kept: Sequence[Appointment],
    people: Sequence[tuple[UUID, tuple[Bookable, int]]],
    *,
    now: datetime,
) -> list[Appointment]:
    account_id = offer.entry.account_id
    numbers = [(row.place, row.claim) for row in kept]
    let_go(kept, now=now, offer=str(offer.pk))
    rows = []
    for position, ((patient_id, (bookable, dose)), (place, _)) in enumerate(zip(people, numbers, strict=True)):
        # No caller's key holds a blank.
        request_key = f"offer {offer.pk} {position}"
        rows.append(
            Appointment(
                reference=new_reference(),
                slot=slot,
                place=place,
                patient_id=patient_id,
                person=bookable.person_key,
                programme_id=slot.programme_id,
                dose=dose,
                booked_by_id=account_id,
                booked_at=now,
                request_key=request_key,
                request_digest=digest_of(slot.pk, patient_id, None),
                claim=claim_for(account_id, request_key),
            )
        )
    Appointment.objects.bulk_create(rows)
    AppointmentEvent.objects.bulk_create(
        AppointmentEvent(
            appointment=row,
            kind=EventKind.BOOKED,
            at=now,
            by_id=account_id,
            facts={"slot": slot.pk, "place": row.place, "offer": str(offer.pk)},
        )
        for row in rows
    )
    Message.objects.bulk_create(
        Message(
            key=f"{MessageKind.BOOKED}:{row.reference}",
            kind=MessageKind.BOOKED,
            appointment=row,
            created_at=now,
            due_at=now,
        )
        for row in rows
    )
    for row, (_, giver) in zip(rows, numbers, strict=True):
        _hand_over_on_commit(slot.pk, giver, row)
    return rows


def _hand_over_on_commit(slot_id: int, giver: str, row: Appointment) -> None:
    def hand_over() -> None:
        # Without the gate: the ledger has it, and reconcile tells the gate when it is back.
        with suppress(GateDown):
            admission.hand_over(slot_id, giver, row.claim)
            admission.settle_many([(slot_id, row.claim, row.place or 0)])

    transaction.on_commit(hand_over)


def _pass_on(account_id: int, offer_id: UUID, *, now: datetime) -> None:
    """Whoever cannot have the places does not keep them from others until the time for an answer is over."""
    with suppress(OfferGone):
        decline_places(account_id=account_id, offer_id=offer_id, now=now)
