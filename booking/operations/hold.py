"""A place is kept for a patient while the citizen checks and confirms."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from booking import admission
from booking.admission import GateDown, Held, Try, Verdict
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.counted import counted
from booking.operations.later_doses.who_may import may_have_kept
from booking.operations.refusals import Busy, NotFound, Refusal
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING, Brought
from booking.operations.releases.pausing import refuse_if_paused
from booking.operations.releases.turn import out_of_turn
from booking.operations.write_bookings import check
from booking.queries.bookables import bookables

_signer = Signer(salt="booking.hold")

# An extended hold lives twice as long; giving back one that is over does nothing.
REMEMBER_SECONDS = settings.HOLD_SECONDS * 2


@dataclass(frozen=True, slots=True)
class Hold:
    """A held place. `token` is what the citizen's side keeps: nobody can make or change one.

    It says until when the place is kept; who has extended gets a token that says so and cannot be extended again.
    """

    token: str
    slot_id: int
    patient_id: UUID
    account_id: int
    claim: str
    expires_at: datetime
    is_extended: bool = False


def hold_of(
    account_id: int, patient_id: UUID, slot_id: int, claim: str, expires_at: datetime, *, is_extended: bool = False
) -> Hold:
    """The hold with its signed token."""
    parts = (slot_id, claim, patient_id.hex, account_id, int(expires_at.timestamp()), int(is_extended))
    return Hold(
        _signer.sign(".".join(map(str, parts))), slot_id, patient_id, account_id, claim, expires_at, is_extended
    )


@counted("hold")
def hold(*, account_id: int, patient_id: UUID, slot_id: int, now: datetime, brought: Brought = NOTHING) -> Hold:
    """Keep a place in the slot for the patient for settings.HOLD_SECONDS; an earlier hold of theirs is given back.

    Raises SlotFull, NotOpen, SlotClosed, NotEligible, NotYourTurn, NotFound, Paused, and what refuse_at_the_door
    raises; Busy while the gate is away, because only it can hold.
    """
    refuse_if_paused()
    refuse_at_the_door(account_id=account_id, wishes=[(patient_id, slot_id)], brought=brought, now=now)
    found = bookables([(patient_id, account_id, slot_id)])[0]
    allowed = check(found, now=now)
    if isinstance(allowed, Refusal) or found is None:
        raise allowed if isinstance(allowed, Refusal) else NotFound(what="patient")
    if refusal := out_of_turn([(patient_id, found)], now=now)[0]:
        raise refusal
    seconds = settings.HOLD_SECONDS
    claim = secrets.token_hex(12)
    try:
        answer = ask_gate(Try(slot_id, claim, seconds), now=now)
        if answer.verdict is Verdict.FULL and may_have_kept(found):
            claim = admission.kept_claim(claim)
            answer = ask_gate(Try(admission.kept_at_gate(slot_id), claim, seconds), now=now)
        if answer.place is None:
            raise refusal_for(answer)
        expires_at = now + timedelta(seconds=seconds)
        before = admission.remember_holds(
            {str(patient_id): [Held(admission.held_at(slot_id, claim), claim, int(expires_at.timestamp()))]},
            seconds=REMEMBER_SECONDS,
        )
        admission.drop_holds((held.slot_id, held.claim) for held in before)
    except GateDown as error:
        raise Busy() from error
    return hold_of(account_id, patient_id, slot_id, claim, expires_at)


def read_hold(token: str, *, account_id: int) -> Hold:
    """The hold that the token stands for. Raises NotFound for a forged one and for somebody else's."""
    try:
        slot, claim, patient, account, expires, extended = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise NotFound(what="hold") from None
    if int(account) != account_id:
        raise NotFound(what="hold")
    expires_at = datetime.fromtimestamp(int(expires)).astimezone()
    return Hold(token, int(slot), UUID(hex=patient), account_id, claim, expires_at, extended == "1")


def drop(*, token: str, account_id: int) -> None:
    """Give a held place back; once it is booked, or twice, this does nothing. Raises NotFound."""
    held = read_hold(token, account_id=account_id)
    # Without the gate the lease brings it back.
    with suppress(GateDown):
        admission.drop_hold(admission.held_at(held.slot_id, held.claim), held.claim)
