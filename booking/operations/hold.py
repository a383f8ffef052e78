"""A place is kept for a patient while the citizen checks and confirms."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.core.signing import BadSignature, Signer

from booking import admission
from booking.admission import GateDown, Try
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.refusals import Busy, NotFound, Refusal
from booking.operations.write_bookings import check
from booking.queries.bookables import bookables

_signer = Signer(salt="booking.hold")


@dataclass(frozen=True, slots=True)
class Hold:
    """A held place. `token` is what the citizen's side keeps: nobody can make or change one."""

    token: str
    slot_id: int
    patient_id: UUID
    account_id: int
    claim: str
    expires_at: datetime


def hold(*, account_id: int, patient_id: UUID, slot_id: int, now: datetime) -> Hold:
    """Keep a place in the slot for the patient for settings.HOLD_SECONDS; an earlier hold of theirs is given back.

    Raises SlotFull, NotOpen, SlotClosed, NotEligible, NotFound; Busy while the gate is away, because only it can hold.
    """
    allowed = check(bookables([(patient_id, account_id, slot_id)])[0], now=now)
    if isinstance(allowed, Refusal):
        raise allowed
    seconds = settings.HOLD_SECONDS
    claim = secrets.token_hex(12)
    try:
        answer = ask_gate(Try(slot_id, claim, seconds), now=now)
        if answer.place is None:
            raise refusal_for(answer)
        before = admission.remember_hold(str(patient_id), slot_id, claim, seconds=seconds)
        if before is not None:
            admission.drop_hold(*before)
    except GateDown as error:
        raise Busy() from error
    expires_at = now + timedelta(seconds=seconds)
    token = _signer.sign(f"{slot_id}.{claim}.{patient_id.hex}.{account_id}.{int(expires_at.timestamp())}")
    return Hold(token, slot_id, patient_id, account_id, claim, expires_at)


def read_hold(token: str, *, account_id: int) -> Hold:
    """The hold that the token stands for. Raises NotFound for a forged one and for somebody else's."""
    try:
        slot, claim, patient, account, expires = _signer.unsign(token).split(".")
    except (BadSignature, ValueError):
        raise NotFound(what="hold") from None
    if int(account) != account_id:
        raise NotFound(what="hold")
    expires_at = datetime.fromtimestamp(int(expires)).astimezone()
    return Hold(token, int(slot), UUID(hex=patient), account_id, claim, expires_at)


def drop(*, token: str, account_id: int) -> None:
    """Give a held place back; once it is booked, or twice, this does nothing. Raises NotFound."""
    held = read_hold(token, account_id=account_id)
    # Without the gate the lease brings it back.
    with suppress(GateDown):
        admission.drop_hold(held.slot_id, held.claim)
