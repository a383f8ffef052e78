"""The ledger's half of booking several places: one transaction writes them all or none."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import Error as LedgerError
from django.db import transaction

from booking import admission, enqueue
from booking.admission import GateDown
from booking.operations.explain import already_booked, slot_refuses
from booking.operations.once_more import once_more
from booking.operations.plan_together import Planned, Wish
from booking.operations.record_bookings import Entry, record
from booking.operations.refusals import Refusal, RequestKeyReused
from booking.queries.appointments import AppointmentFacts, answered_with
from booking.rules.references import new_reference


@dataclass(frozen=True, slots=True)
class Together:
    """One try to book several places: who asks, for whom and where, and each place's own key and claim.

    The first place carries the caller's key as it is, so that the key cannot also be used for a single booking.
    """

    account_id: int
    wishes: Sequence[Wish]
    keys: Sequence[str]
    claims: Sequence[str]
    digest: str
    held: frozenset[Wish] = frozenset()


@dataclass(frozen=True, slots=True)
class Booked:
    """The appointments in the order of the wishes, and the claims that their places have at the gate."""

    facts: tuple[AppointmentFacts, ...]
    claims: Sequence[str]


class Unwritten(Exception):
    """The ledger would not write all, so it wrote none. `slots`: those whose place numbers were the fault."""

    def __init__(self, slots: set[int]) -> None:
        super().__init__()
        self.slots = slots


def keys_for(request_key: str, places: int) -> list[str]:
    """The key of each place of a request, the same for every repeat of it."""
    rest = (hashlib.sha256(f"{request_key}|{position}".encode()).hexdigest() for position in range(1, places))
    return [request_key, *rest]


def earlier(asked: Together) -> Booked | None:
    """The appointments that an earlier try of this request made. Raises RequestKeyReused if it asked for others."""
    found = answered_with(asked.account_id, asked.keys)
    if not found:
        return None
    if any(digest != asked.digest for _, digest, _ in found.values()) or set(found) != set(asked.keys):
        raise RequestKeyReused()
    return Booked(tuple(found[key][0] for key in asked.keys), [claim for _, _, claim in found.values()])


def write_all(asked: Together, planned: Sequence[Planned], places: Sequence[int], *, now: datetime) -> Booked:
    """Write every appointment with its place number, or none; or return what an earlier try made.

    Raises refusals with `patient`, `slot` and `dose`; Unwritten where the numbers were wrong; django.db.Error, after
    which nobody knows.
    """
    # Again also after a lost session: whatever it has written is found by its request keys.
    return once_more(lambda: _write_all(asked, planned, places, now=now), repeatable=True)


def _write_all(asked: Together, planned: Sequence[Planned], places: Sequence[int], *, now: datetime) -> Booked:
    entries = [_entry(asked, position, one, places[position]) for position, one in enumerate(planned)]
    written: set[str] = set()
    try:
        with transaction.atomic():
            written = record(entries, now=now)
            booked = earlier(asked) if len(written) == len(entries) else None
            if booked is None:
                raise Unwritten(set())
    except Unwritten:
        if written:
            _ring(now)
        return _explained(asked, [entry for entry in entries if entry.reference not in written], now=now)
    # Without the gate: the ledger has them, and reconcile tells the gate when it is back.
    with suppress(GateDown):
        admission.settle_many((entry.slot_id, entry.claim, entry.place) for entry in entries)
    return booked


def _entry(asked: Together, position: int, one: Planned, place: int) -> Entry:
    return Entry(
        slot_id=one.slot_id,
        place=place,
        patient_id=one.patient_id,
        person=one.bookable.person_key,
        programme_id=one.bookable.slot.programme_id,
        dose=one.dose,
        account_id=asked.account_id,
        reference=new_reference(),
        request_key=asked.keys[position],
        digest=asked.digest,
        claim=asked.claims[position],
    )


def _ring(now: datetime) -> None:
    # What was taken back may have been the booking that brought the job along, on which others now rely.
    with suppress(LedgerError):
        enqueue.send_messages(now=now, delay=timedelta(seconds=1))


def _explained(asked: Together, unwritten: Sequence[Entry], *, now: datetime) -> Booked:
    """What stood in the way: first this request's own earlier try, then the slots, then the people."""
    before = earlier(asked)
    if before is not None:
        return before
    for entry in unwritten:
        refusal: Refusal | None = slot_refuses(entry.slot_id, now=now)
        if refusal is None:
            refusal = already_booked(entry.person, entry.programme_id, entry.dose, account_id=asked.account_id)
        if refusal is not None:
            raise refusal.about(patient=entry.patient_id, slot=entry.slot_id, dose=entry.dose)
    raise Unwritten({entry.slot_id for entry in unwritten})
