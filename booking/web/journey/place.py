"""The one place where the pages take a place: hold it, read what is held, and confirm. For one patient or several."""

import hashlib
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.http import Http404, HttpRequest

from accounts.request_keys import well_formed
from booking.operations.book import book
from booking.operations.hold import Hold, drop, hold, read_hold
from booking.operations.move import move
from booking.operations.refusals import Busy, NotFound, Refusal
from booking.queries.appointments import AppointmentFacts
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.web.journey.choices import Journey

Wish = tuple[UUID, int]


@dataclass(frozen=True, slots=True)
class Pick:
    """The slot that was chosen, and the places that are held in it.

    Without holds nothing is kept: the gate is away, or the appointment is of a patient who left the account.
    """

    slot: SlotFacts
    holds: tuple[Hold, ...] = ()

    @property
    def expires_at(self) -> datetime | None:
        return min((held.expires_at for held in self.holds), default=None)

    @property
    def claims(self) -> list[str]:
        return [held.claim for held in self.holds]

    def query(self) -> dict[str, str]:
        """How the address of the check page names it."""
        if self.holds:
            return {"hold": ",".join(held.token for held in self.holds)}
        return {"slot": str(self.slot.slot_id)}


def keep(journey: Journey, slot_id: int) -> Pick:
    """Hold a place in the slot for everybody. Raises what hold raises, and Http404 for a slot of something else."""
    slot = _slot(journey, slot_id)
    wishes = [(patient.patient_id, slot_id) for patient in journey.patients]
    try:
        return Pick(slot, _hold_all(journey.user_id, wishes, journey.now))
    except Busy:
        # Only the gate can hold. Booking goes on without it, so the citizen does too.
        return Pick(slot)


def picked(request: HttpRequest, journey: Journey) -> Pick:
    """What the address names. Raises Http404 for anything forged, somebody else's, or of another choice."""
    tokens = [token for token in request.GET.get("hold", "").split(",") if token]
    try:
        holds = tuple(read_hold(token, account_id=journey.user_id) for token in tokens)
    except NotFound:
        raise Http404 from None
    if holds and [held.patient_id for held in holds] != [patient.patient_id for patient in journey.patients]:
        raise Http404
    slot_id = str(holds[0].slot_id) if holds else request.GET.get("slot", "")
    if not slot_id.isdecimal() or len(slot_id) > 18:
        raise Http404
    return Pick(_slot(journey, int(slot_id)), holds)


def request_key(request: HttpRequest, pick: Pick) -> str:
    """The key that makes a second click, a repeat and the Back button one booking: a hold is confirmed once."""
    sent = request.POST.get("request_key", "")
    if sent and well_formed(sent):
        return sent
    if pick.holds:
        return hashlib.sha256("|".join(pick.claims).encode()).hexdigest()[:32]
    return secrets.token_hex(16)


def confirm(journey: Journey, pick: Pick, *, key: str) -> list[AppointmentFacts]:
    """Book what was picked, or move the appointment there. Raises what book and move raise."""
    slot_id = pick.slot.slot_id
    claims: Sequence[str | None] = pick.claims or [None] * journey.people
    if journey.moving is not None:
        reference = journey.moving.reference
        moved = move(
            account_id=journey.user_id,
            reference=reference,
            slot_id=slot_id,
            request_key=key,
            now=journey.now,
            hold_claim=claims[0],
        )
        return [moved]
    return [
        book(
            account_id=journey.user_id,
            patient_id=patient.patient_id,
            slot_id=slot_id,
            request_key=key if n == 0 else f"{key}-{n}",
            now=journey.now,
            hold_claim=claim,
        )
        for n, (patient, claim) in enumerate(zip(journey.patients, claims, strict=True))
    ]


def _hold_all(account_id: int, wishes: Sequence[Wish], now: datetime) -> tuple[Hold, ...]:
    holds: list[Hold] = []
    try:
        for patient_id, slot_id in wishes:
            holds.append(hold(account_id=account_id, patient_id=patient_id, slot_id=slot_id, now=now))
    except Refusal:
        # All or nobody.
        for held in holds:
            with suppress(Refusal):
                drop(token=held.token, account_id=account_id)
        raise
    return tuple(holds)


def _slot(journey: Journey, slot_id: int) -> SlotFacts:
    slot = slot_facts([slot_id]).get(slot_id)
    if slot is None or slot.programme_code != journey.programme.code:
        raise Http404
    if journey.site is not None and slot.site.code != journey.site.code:
        raise Http404
    return slot
