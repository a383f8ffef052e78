"""A citizen takes a place. The gate says who may try, the ledger says who has it."""

import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error as LedgerError
from django.db import connection
from django.utils import timezone

from booking import admission
from booking.admission import Answer, GateDown, Try, Verdict
from booking.operations.explain import Explained, explain
from booking.operations.grouping import Grouped
from booking.operations.record_bookings import Entry, record
from booking.operations.refusals import (
    Busy,
    HoldExpired,
    NotEligible,
    NotFound,
    NotOpen,
    Refusal,
    SlotClosed,
    SlotFull,
)
from booking.queries.appointments import AppointmentFacts
from booking.queries.bookables import Bookable, bookables
from booking.queries.free_places import free_places
from booking.queries.load_gate import load_slot
from booking.rules.eligibility import decide
from booking.rules.references import new_reference


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
class _Placed:
    request: Request
    place: int
    now: datetime


def claim_for(account_id: int, request_key: str) -> str:
    """What the gate knows a try by: the same for every repeat of the same request."""
    return hashlib.sha256(f"{account_id}|{request_key}".encode()).hexdigest()[:24]


def digest_of(slot_id: int, patient_id: UUID, hold: str | None) -> str:
    """What a request asked for; a key that comes back with another digest is a fault of the caller."""
    return hashlib.sha256(f"{slot_id}|{patient_id}|{hold or ''}".encode()).hexdigest()[:32]


def book(
    *, account_id: int, patient_id: UUID, slot_id: int, request_key: str, now: datetime, hold_claim: str | None = None,
    digest: str | None = None,
) -> AppointmentFacts:  # fmt: skip
    """Book the patient into the slot, or return the appointment an earlier try with this key made.

    Raises SlotFull, NotOpen, SlotClosed, HoldExpired, AlreadyBooked, NotEligible, NotFound, RequestKeyReused, and
    Busy, after which the caller repeats with the same key: it may have been booked.
    """
    request = Request(
        account_id=account_id,
        patient_id=patient_id,
        slot_id=slot_id,
        request_key=request_key,
        digest=digest or digest_of(slot_id, patient_id, hold_claim),
        claim=hold_claim or claim_for(account_id, request_key),
        held=hold_claim is not None,
    )
    try:
        answer = ask_gate(Try(slot_id, request.claim, settings.GATE["lease"], request.held), now=now)
    except GateDown:
        return _book_from_the_ledger(request, now=now)
    place = _place_or_refusal(request, answer, now=now)
    if isinstance(place, AppointmentFacts):
        return place
    return _write(request, place, now=now, newly=answer.verdict is Verdict.NEW)


# --- The gate ---------------------------------------------------------------------------------------------------------

_admit = Grouped[Try, Answer](admission.admit_many, most=200)


def ask_gate(wish: Try, *, now: datetime) -> Answer:
    """The gate's answer, together with everybody who asks at the same time; loads the slot first if need be.

    Raises GateDown, and NotFound for a slot that does not exist.
    """
    answer = _admit(wish)
    if answer.verdict is Verdict.UNKNOWN:
        if not load_slot(wish.slot_id, now=now):
            raise NotFound(what="slot")
        answer = _admit(wish)
        if answer.verdict is Verdict.UNKNOWN:
            raise Busy()
    return answer


def refusal_for(answer: Answer) -> Refusal:
    """The gate's no, by name."""
    if answer.verdict is Verdict.NOT_OPEN:
        opens_at = datetime.fromtimestamp((answer.opens_ms or 0) / 1000, tz=timezone.get_default_timezone())
        return NotOpen(opens_at=opens_at)
    if answer.verdict is Verdict.CLOSED:
        return SlotClosed()
    if answer.verdict is Verdict.LOST:
        return HoldExpired()
    return SlotFull()


def _place_or_refusal(request: Request, answer: Answer, *, now: datetime) -> int | AppointmentFacts:
    if answer.place is not None:
        return answer.place
    if answer.verdict in (Verdict.PAST, Verdict.LOST):
        # This very request had a place here once: what became of it stands in the ledger.
        explained = explain(request, now=now)
        if explained.earlier is not None:
            return explained.earlier
    raise refusal_for(answer)


# --- The ledger -------------------------------------------------------------------------------------------------------


def _write_group(group: Sequence[_Placed]) -> Sequence[AppointmentFacts | Refusal | None]:
    """For each: the appointment, a refusal by the rules, or None where the ledger refused and must be asked why."""
    found = bookables([(p.request.patient_id, p.request.account_id, p.request.slot_id) for p in group])
    results: list[AppointmentFacts | Refusal | None] = [None] * len(group)
    entries: dict[int, tuple[Entry, Bookable]] = {}
    for position, (placed, bookable) in enumerate(zip(group, found, strict=True)):
        dose_or_refusal = check(bookable, now=placed.now)
        if isinstance(dose_or_refusal, Refusal) or bookable is None:
            results[position] = dose_or_refusal if isinstance(dose_or_refusal, Refusal) else NotFound()
        else:
            entries[position] = (_entry(placed, bookable, dose_or_refusal), bookable)
    if entries:
        written = record([entry for entry, _ in entries.values()], now=max(p.now for p in group))
        for position, (entry, bookable) in entries.items():
            if entry.reference in written:
                results[position] = _facts(entry, bookable, group[position].now)
    _settle([e for e, _ in entries.values() if e.reference in written] if entries else [])
    return results


_record = Grouped[_Placed, AppointmentFacts | Refusal | None](_write_group, most=64)


def check(bookable: Bookable | None, *, now: datetime) -> int | Refusal:
    """The dose that the patient would get in the slot, or why not."""
    if bookable is None:
        return NotFound(what="patient")
    if not bookable.is_active or bookable.closed_at is not None or bookable.starts_at <= now:
        return SlotClosed()
    decision = decide(bookable.rules, bookable.person, on=timezone.localdate(bookable.starts_at))
    if decision.dose is None:
        return NotEligible(reason=decision.reason, from_date=decision.from_date)
    return decision.dose


def _entry(placed: _Placed, bookable: Bookable, dose: int) -> Entry:
    request = placed.request
    return Entry(
        slot_id=request.slot_id,
        place=placed.place,
        patient_id=request.patient_id,
        person=bookable.person_key,
        programme_id=bookable.programme_id,
        dose=dose,
        account_id=request.account_id,
        reference=new_reference(),
        request_key=request.request_key,
        digest=request.digest,
        claim=request.claim,
    )


def _facts(entry: Entry, bookable: Bookable, now: datetime) -> AppointmentFacts:
    return AppointmentFacts(
        reference=entry.reference,
        status="BOOKED",
        patient_id=entry.patient_id,
        patient_name=bookable.patient_name,
        programme_code=bookable.programme_code,
        programme_name=bookable.programme_name,
        programme_name_en=bookable.programme_name_en,
        dose=entry.dose,
        slot_id=entry.slot_id,
        starts_at=bookable.starts_at,
        ends_at=bookable.ends_at,
        site=bookable.site,
        booked_at=now,
        moves=0,
    )


def _settle(entries: Sequence[Entry]) -> None:
    # Without the gate: the ledger has them, and reconcile tells the gate when it is back.
    with suppress(GateDown):
        admission.settle_many((e.slot_id, e.claim, e.place) for e in entries)


def _together(placed: _Placed) -> AppointmentFacts | Refusal | None:
    # Whoever waits for the group must not sit on a connection that its leader needs.
    if not connection.in_atomic_block:
        connection.close()
    return _record(placed)


def _write(request: Request, place: int, *, now: datetime, newly: bool, tries: int = 3) -> AppointmentFacts:
    try:
        result = _together(_Placed(request, place, now))
        if isinstance(result, AppointmentFacts):
            return result
        explained = explain(request, now=now) if result is None else Explained(refusal=result)
    except LedgerError as error:
        # Written or not, nobody knows: the place is neither given back nor promised. A repeat gets the truth.
        raise Busy() from error
    if explained.earlier is not None:
        if newly and explained.claim != request.claim:
            _drop(request)
        return explained.earlier
    if explained.refusal is not None:
        if newly:
            _drop(request)
        raise explained.refusal
    # Nothing speaks against it but the number: the gate was wrong about this slot. Put it right and try once more.
    return _again(request, now=now, tries=tries - 1)


def _again(request: Request, *, now: datetime, tries: int) -> AppointmentFacts:
    if tries <= 0:
        raise Busy()
    try:
        load_slot(request.slot_id, now=now, again=True)
        fresh = replace(request, held=False)
        answer = ask_gate(Try(request.slot_id, request.claim, settings.GATE["lease"]), now=now)
    except GateDown:
        return _book_from_the_ledger(request, now=now)
    if answer.place is None:
        raise refusal_for(answer)
    return _write(fresh, answer.place, now=now, newly=answer.verdict is Verdict.NEW, tries=tries)


def _drop(request: Request) -> None:
    # Without the gate the lease brings it back.
    with suppress(GateDown):
        admission.drop_hold(request.slot_id, request.claim)


# --- Without the gate -------------------------------------------------------------------------------------------------

_fallback = threading.BoundedSemaphore(settings.GATE["fallback_limit"])


def _book_from_the_ledger(request: Request, *, now: datetime) -> AppointmentFacts:
    """Slower, and for a few at a time; who finds no room is told to come back. The promises are the same."""
    if not _fallback.acquire(timeout=1):
        raise Busy()
    try:
        earlier = explain(request, now=now).earlier
        if earlier is not None:
            return earlier
        for place in free_places(request.slot_id, most=3):
            result = _together(_Placed(request, place, now))
            if isinstance(result, AppointmentFacts):
                return result
            explained = explain(request, now=now) if result is None else Explained(refusal=result)
            if explained.earlier is not None:
                return explained.earlier
            if explained.refusal is not None:
                raise explained.refusal
            # Somebody else was quicker with this number; the next one may still be free.
        raise Busy() if free_places(request.slot_id, most=1) else SlotFull()
    except LedgerError as error:
        raise Busy() from error
    finally:
        _fallback.release()
