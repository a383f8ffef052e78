"""What the steward prepares for places that were given up: the end of an undo, of an offer, whatever the time is.

Imported by tests.browser.steward, once Django is there. Nobody is asked at night, so numbers are passed on by the clock
of noon, and what came of it is dated now.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from accounts.models import Patient
from booking.models import Appointment, Message, MessageKind, Offer, OfferState, Slot, WaitlistEntry
from booking.notifications import words
from booking.operations.book import book
from booking.operations.freed_places.pass_on import pass_on

_ANSWER = timedelta(minutes=30)


def book_into(person: str, slot: int) -> dict[str, Any]:
    """Book the person into this very slot."""
    patient = Patient.objects.get(pk=UUID(person))
    facts = book(
        account_id=patient.user_id, patient_id=patient.pk, slot_id=slot, request_key=f"into-{person}",
        now=timezone.now(),
    )  # fmt: skip
    return {"reference": facts.reference}


def nobody_waits(site: str, programme: str) -> None:
    """Whoever waits there has waited for somebody else's test."""
    WaitlistEntry.objects.filter(sites__code=site, programme__code=programme, ended_at=None).update(
        ended_at=timezone.now()
    )


def undo_is_over(reference: str) -> None:
    """The number of this cancelled appointment is passed on now."""
    _pass_on(Appointment.objects.filter(reference=reference, place__isnull=False))


def answer_is_late(offer: str) -> None:
    """Nobody has answered this offer in time."""
    Offer.objects.filter(pk=UUID(offer), state=OfferState.PENDING).update(
        state=OfferState.EXPIRED, expires_at=timezone.now()
    )
    _pass_on(Appointment.objects.filter(kept_for=UUID(offer)))


def place_offered(person: str) -> dict[str, Any] | None:
    """The open offer to this person, and the words of the message about it."""
    patient = Patient.objects.get(pk=UUID(person))
    offer = Offer.objects.filter(entry__patient=patient, state=OfferState.PENDING, slot__isnull=False).first()
    if offer is None:
        return None
    message = Message.objects.get(key=f"{MessageKind.PLACE_OFFERED}:{offer.pk}")
    return {"offer": str(offer.pk), "words": words(message)}


def place_shown(entry: str, slot: int, state: str = "PENDING") -> str:
    """What an offer of this slot to this wish looks like; no number is kept for it. Its key."""
    now, row = timezone.now(), WaitlistEntry.objects.get(pk=UUID(entry))
    site_id = Slot.objects.get(pk=slot).site_id
    offer = Offer.objects.create(
        entry=row, site_id=site_id, slot_id=slot, state=state, made_at=now, expires_at=now + timedelta(hours=5)
    )
    return str(offer.pk)


def _pass_on(rows: Any) -> None:
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    # In one piece: the city's own jobs do not see it while it is of noon.
    with transaction.atomic():
        found = list(rows.select_for_update(of=("self",)))
        slots = {row.slot_id for row in found}
        pass_on(found, now=noon)
        _date_now(slots, noon)


def _date_now(slots: set[int], noon: datetime) -> None:
    now = timezone.now()
    made = Offer.objects.filter(slot_id__in=slots, made_at=noon, state=OfferState.PENDING)
    Appointment.objects.filter(kept_for__in=made).update(release_at=now + _ANSWER)
    made.update(made_at=now, expires_at=now + _ANSWER)


ACTS = (book_into, nobody_waits, undo_is_over, answer_is_late, place_offered, place_shown)
