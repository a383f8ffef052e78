"""The one place where the pages take places: hold them, read what is held, and confirm. All of them or none."""

import hashlib
import secrets
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.request_keys import well_formed
from booking.operations.book import book
from booking.operations.book_together import book_together
from booking.operations.hold import Hold, read_hold
from booking.operations.hold_together import extend, hold_together
from booking.operations.move import move
from booking.operations.refusals import Busy, NotEligible, NotFound
from booking.queries.appointments import AppointmentFacts
from booking.queries.pace import booking_pace
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.web.journey.choices import Journey

Wish = tuple[UUID, int]
_MOST_WISHES = 8


@dataclass(frozen=True, slots=True)
class Pick:
    """Who is to come in which slot, and the places that are held for it.

    Without holds nothing is kept: the gate is away, or an appointment moves that only its own rules may judge. Without
    wishes an appointment moves whose patient has left the account; then there is one slot.
    """

    wishes: tuple[Wish, ...]
    slots: tuple[SlotFacts, ...]
    holds: tuple[Hold, ...] = ()

    @property
    def first(self) -> SlotFacts:
        return self.slots[0]

    @property
    def expires_at(self) -> datetime | None:
        return min((held.expires_at for held in self.holds), default=None)

    @property
    def can_extend(self) -> bool:
        return bool(self.holds) and not any(held.is_extended for held in self.holds)

    @property
    def claims(self) -> list[tuple[int, str]]:
        return [(held.slot_id, held.claim) for held in self.holds]

    def people_in(self) -> dict[int, int]:
        """How many come in each slot."""
        return Counter(slot_id for _, slot_id in self.wishes) or {self.first.slot_id: 1}

    def slot_ids(self) -> list[int]:
        return [slot_id for _, slot_id in self.wishes] or [self.first.slot_id]

    def query(self) -> dict[str, str]:
        """How the address of the check page names it."""
        if self.holds:
            return {"hold": ",".join(held.token for held in self.holds)}
        return {"slot": ",".join(map(str, self.slot_ids()))}


def slots_in(text: str) -> list[int]:
    """The slots that a form or an address names, one for each person; empty if it names none."""
    parts = text.split(",")
    if len(parts) > _MOST_WISHES or not all(part.isdecimal() and len(part) < 18 for part in parts):
        return []
    return [int(part) for part in parts]


def keep(journey: Journey, slot_ids: Sequence[int]) -> Pick:
    """Hold a place for everybody: in the one slot, or each in their own; two for each where both doses are chosen.

    Raises what hold_together raises, and Http404 for slots of something else.
    """
    pick = picked_slots(journey, slot_ids)
    if journey.first:
        pick = picked_slots(journey, [*journey.first, *pick.slot_ids()])
    if not pick.wishes:
        return pick
    if booking_pace.wait(journey.user_id):
        # Whoever asks faster than a person can choose gets nothing held; booking says when to come back.
        return pick
    try:
        holds = hold_together(account_id=journey.user_id, wishes=pick.wishes, now=journey.now, brought=journey.brought)
    except Busy:
        # Only the gate can hold. Booking goes on without it, so the citizen does too.
        return pick
    except NotEligible:
        if not journey.moving:
            raise
        # Whether a dose may move among the others of its series is judged when it moves.
        return pick
    return Pick(pick.wishes, pick.slots, holds)


def picked(request: HttpRequest, journey: Journey) -> Pick:
    """What the address names. Raises Http404 for anything forged, somebody else's, or of another choice."""
    tokens = [token for token in request.GET.get("hold", "").split(",") if token]
    if not tokens:
        return picked_slots(journey, slots_in(request.GET.get("slot", "")))
    try:
        holds = tuple(read_hold(token, account_id=journey.user_id) for token in tokens)
    except NotFound:
        raise Http404 from None
    pick = picked_slots(journey, [held.slot_id for held in holds])
    if [(held.patient_id, held.slot_id) for held in holds] != list(pick.wishes):
        raise Http404
    return Pick(pick.wishes, pick.slots, holds)


def longer(journey: Journey, pick: Pick) -> Pick:
    """Keep it longer, once. Raises what extend raises."""
    tokens = [held.token for held in pick.holds]
    return Pick(pick.wishes, pick.slots, extend(tokens=tokens, account_id=journey.user_id, now=journey.now))


def request_key(request: HttpRequest, pick: Pick) -> str:
    """The key that makes a second click, a repeat and the Back button one booking: a hold is confirmed once."""
    sent = request.POST.get("request_key", "")
    if sent and well_formed(sent):
        return sent
    if pick.holds:
        return hashlib.sha256("|".join(claim for _, claim in pick.claims).encode()).hexdigest()[:32]
    return secrets.token_hex(16)


def confirm(journey: Journey, pick: Pick, *, key: str) -> Sequence[AppointmentFacts]:
    """Book what was picked, or move the appointment there. Raises what booking and moving raise."""
    if wait := booking_pace.wait(journey.user_id):
        raise Busy(retry_after=wait)
    claim = pick.holds[0].claim if pick.holds else None
    if journey.moving is not None:
        reference, slot_id = journey.moving.reference, pick.first.slot_id
        moved = move(
            account_id=journey.user_id,
            reference=reference,
            slot_id=slot_id,
            request_key=key,
            now=journey.now,
            hold_claim=claim,
            brought=journey.brought,
        )
        return [moved]
    if len(pick.wishes) == 1:
        # Alone: written together with whoever books at the same moment.
        patient_id, slot_id = pick.wishes[0]
        booked = book(
            account_id=journey.user_id,
            patient_id=patient_id,
            slot_id=slot_id,
            request_key=key,
            now=journey.now,
            hold_claim=claim,
            brought=journey.brought,
        )
        return [booked]
    tokens = [held.token for held in pick.holds]
    return book_together(
        account_id=journey.user_id,
        wishes=pick.wishes,
        request_key=key,
        now=journey.now,
        holds=tokens,
        brought=journey.brought,
    )


def picked_slots(journey: Journey, slot_ids: Sequence[int]) -> Pick:
    """These slots for these patients, nothing held. Raises Http404 for slots of something else, or a wrong number."""
    patients = [patient.patient_id for patient in journey.patients]
    if len(slot_ids) == 1:
        slot_ids = list(slot_ids) * max(len(patients), 1)
    # One slot for each patient, or two for each: the first doses, then the second ones.
    doses = len(slot_ids) // max(len(patients), 1)
    if doses not in (1, 2) or len(slot_ids) != doses * max(len(patients), 1):
        raise Http404
    found = slot_facts(slot_ids)
    slots = sorted((found[slot_id] for slot_id in set(slot_ids) & found.keys()), key=lambda slot: slot.starts_at)
    if len(slots) < len(set(slot_ids)) or not all(_belongs(journey, slot) for slot in slots):
        raise Http404
    return Pick(tuple(zip(patients * doses, slot_ids, strict=True)) if patients else (), tuple(slots))


def _belongs(journey: Journey, slot: SlotFacts) -> bool:
    here = journey.site is None or slot.site.code == journey.site.code
    return here and slot.programme_code == journey.programme.code
