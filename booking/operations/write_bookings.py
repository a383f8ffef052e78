"""From place numbers to appointments: rules, ledger and gate for a whole group of bookings at once."""

import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import Error as LedgerError

from booking import admission
from booking.admission import GateDown
from booking.metrics import LEDGER_FAILURES, LEDGER_SECONDS
from booking.models.sessions import let_go
from booking.operations.grouping import Expected, Grouped
from booking.operations.once_more import once_more
from booking.operations.record_bookings import Entry, record
from booking.operations.refusals import NotEligible, NotFound, Refusal, SlotClosed
from booking.operations.releases.turn import out_of_turn
from booking.queries.appointments import AppointmentFacts
from booking.queries.bookables import Bookable, bookables
from booking.rules.eligibility import decide
from booking.rules.references import new_reference

# The appointment, a refusal by the rules, or None where the ledger refused and must be asked why.
Written = AppointmentFacts | Refusal | None


@dataclass(frozen=True, slots=True)
class Request:
    """One try to book: who asks, for whom, where, under which key. `claim` is what the gate knows it by."""

    account_id: int
    patient_id: UUID
    slot_id: int
    request_key: str
    digest: str
    claim: str
    held: bool


@dataclass(frozen=True, slots=True)
class Placed:
    """A request with the place number it was given."""

    request: Request
    place: int
    now: datetime


def write(placed: Placed, coming: Expected | None = None) -> Written:
    """Write the booking, together with everybody who comes at the same time. Raises django.db.Error.

    `coming` is what `expected` gave to a caller who told beforehand.
    """
    # Whoever waits for the group must not sit on a connection that its leader needs.
    let_go()
    return _write(placed, coming)


def expected() -> Expected:
    """Tell the group that is being gathered that somebody is on the way: a context for asking the gate and writing."""
    return _write.expected()


def check(bookable: Bookable | None, *, now: datetime) -> int | Refusal:
    """The dose that the patient would get in the slot, or why not."""
    if bookable is None:
        return NotFound(what="patient")
    slot = bookable.slot
    if not slot.is_active or slot.starts_at <= now:
        return SlotClosed()
    decision = decide(slot.rules, bookable.person, on=slot.day)
    if decision.dose is None:
        return NotEligible(reason=decision.reason, from_date=decision.from_date)
    return decision.dose


def _write_group(group: Sequence[Placed]) -> Sequence[Written]:
    began = time.perf_counter()
    try:
        # Again also after a lost session: whatever it has written is found by its request key.
        results, settled = once_more(lambda: write_rows(group), repeatable=True)
    except LedgerError:
        LEDGER_FAILURES.inc()
        raise
    LEDGER_SECONDS.observe(time.perf_counter() - began)
    # Without the gate: the ledger has them, and reconcile tells the gate when it is back.
    with suppress(GateDown):
        admission.settle_many(settled)
    return results


def write_rows(group: Sequence[Placed]) -> tuple[Sequence[Written], Sequence[tuple[int, str, int]]]:
    """Write them, on this thread's connection, and tell what the gate is to settle. Raises django.db.Error."""
    found = bookables([(p.request.patient_id, p.request.account_id, p.request.slot_id) for p in group])
    results: list[Written] = [None] * len(group)
    entries: dict[int, tuple[Entry, Bookable]] = {}
    refused = _out_of_turn(group, found)
    for position, (placed, bookable) in enumerate(zip(group, found, strict=True)):
        dose = refused.get(position) or check(bookable, now=placed.now)
        if isinstance(dose, Refusal) or bookable is None:
            results[position] = dose if isinstance(dose, Refusal) else None
        else:
            entries[position] = (_entry(placed, bookable, dose), bookable)
    # One moment for the whole group, in the ledger and in the answers: a repeat is answered from the ledger.
    now = max(placed.now for placed in group)
    written = record([entry for entry, _ in entries.values()], now=now) if entries else set()
    done = {position: pair for position, pair in entries.items() if pair[0].reference in written}
    for position, (entry, bookable) in done.items():
        results[position] = _facts(entry, bookable, now)
    return results, [(entry.slot_id, entry.claim, entry.place) for entry, _ in done.values()]


# Seconds. A statement and a commit cost as much as thirty rows of them; the gate usually answers in a tenth of this.
_PATIENCE = 0.005
_write = Grouped[Placed, Written](_write_group, most=64, patience=_PATIENCE, counted_as="book")


def _out_of_turn(group: Sequence[Placed], found: Sequence[Bookable | None]) -> dict[int, Refusal]:
    """By position. Whoever holds a place was in turn when it was given."""
    asking = {
        position: (placed.request.patient_id, bookable)
        for position, (placed, bookable) in enumerate(zip(group, found, strict=True))
        if bookable is not None and not placed.request.held
    }
    refused = out_of_turn(list(asking.values()), now=max(placed.now for placed in group))
    return {position: no for position, no in zip(asking, refused, strict=True) if no is not None}


def _entry(placed: Placed, bookable: Bookable, dose: int) -> Entry:
    request = placed.request
    return Entry(
        slot_id=request.slot_id,
        place=placed.place,
        patient_id=request.patient_id,
        person=bookable.person_key,
        programme_id=bookable.slot.programme_id,
        dose=dose,
        account_id=request.account_id,
        reference=new_reference(),
        request_key=request.request_key,
        digest=request.digest,
        claim=request.claim,
    )


def _facts(entry: Entry, bookable: Bookable, now: datetime) -> AppointmentFacts:
    slot = bookable.slot
    return AppointmentFacts(
        reference=entry.reference,
        status="BOOKED",
        patient_id=entry.patient_id,
        patient_name=bookable.patient_name,
        programme_code=slot.programme_code,
        programme_name=slot.programme_name,
        programme_name_en=slot.programme_name_en,
        dose=entry.dose,
        slot_id=entry.slot_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        site=slot.site,
        booked_at=now,
        moves=0,
    )
