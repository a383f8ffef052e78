"""A citizen takes a place. The gate says who may try, the ledger says who has it."""

import hashlib
import threading
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.conf import settings
from django.db import Error as LedgerError

from booking import admission
from booking.admission import Answer, GateDown, Try, Verdict
from booking.metrics import LEDGER_ONLY, LEDGER_ONLY_RUNNING
from booking.models.sessions import let_go
from booking.operations.ask_gate import Guard, ask_gate, refusal_for
from booking.operations.count_tries import counts_tries
from booking.operations.counted import counted
from booking.operations.explain import Explained, earlier_try, explain
from booking.operations.grouping import Expected, Grouped
from booking.operations.later_doses.book_kept import book_kept
from booking.operations.later_doses.who_may import may_book_kept
from booking.operations.refusals import Busy, NotSignedIn, RequestKeyReused, SlotFull
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING, Brought
from booking.operations.releases.pausing import paused
from booking.operations.write_bookings import Placed, Request, Written, expected, write
from booking.queries.appointments import AppointmentFacts, answered_any
from booking.queries.free_places import free_places
from booking.queries.load_gate import load_slot
from booking.queries.pause import Pause, pause_now


def claim_for(account_id: int, request_key: str) -> str:
    """What the gate knows a try by: the same for every repeat of the same request."""
    return hashlib.sha256(f"{account_id}|{request_key}".encode()).hexdigest()[:24]


def digest_of(slot_id: int, patient_id: UUID, hold: str | None) -> str:
    """What a request asked for; a key that comes back with another digest is a fault of the caller."""
    return hashlib.sha256(f"{slot_id}|{patient_id}|{hold or ''}".encode()).hexdigest()[:32]


@counted("book")
@counts_tries
def book(
    *,
    account_id: int,
    patient_id: UUID,
    slot_id: int,
    request_key: str,
    now: datetime,
    hold_claim: str | None = None,
    digest: str | None = None,
    guard: Guard | None = None,
    brought: Brought = NOTHING,
) -> AppointmentFacts:
    """Book the patient into the slot, or return the appointment an earlier try with this key made.

    Raises SlotFull, NotOpen, SlotClosed, HoldExpired, AlreadyBooked, NotEligible, NotFound, RequestKeyReused,
    NotSignedIn where the guard refuses, what refuse_at_the_door raises, and Paused and Busy, after which the caller
    repeats with the same key: it may have been booked.
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
    pause = pause_now()
    if pause is not None:
        return _earlier_or_paused(request, pause)
    wishes = [] if request.held else [(patient_id, slot_id)]
    refuse_at_the_door(account_id=account_id, wishes=wishes, brought=brought, now=now)
    if request.held and admission.is_kept(request.claim):
        return book_kept(request, now=now)
    with expected() as coming:
        return _book(request, guard, coming, now=now)


# A repeat gets its answer during a pause too, but a crowd that is told of the pause must not cost the ledger much.
_repeats = threading.BoundedSemaphore(settings.GATE["fallback_limit"])


def _earlier_or_paused(request: Request, pause: Pause) -> AppointmentFacts:
    with suppress(LedgerError):
        if _repeats.acquire(blocking=False):
            try:
                explained = earlier_try(request)
            finally:
                _repeats.release()
            if explained is not None and explained.earlier is not None:
                return explained.earlier
    raise paused(pause)


def _book(request: Request, guard: Guard | None, coming: Expected, *, now: datetime) -> AppointmentFacts:
    reading = guard.keys if guard else ()
    try:
        answer = ask_gate(Try(request.slot_id, request.claim, settings.GATE["lease"], request.held, reading), now=now)
    except GateDown:
        return _book_from_the_ledger(request, guard, now=now)
    if _refused_by(guard, answer.beside):
        _drop_if_new(request, answer)
        raise NotSignedIn()
    if answer.place is not None:
        return _write(request, answer, coming, now=now)
    if answer.verdict in (Verdict.PAST, Verdict.LOST) or (answer.doubted and _was_written(request)):
        # This very request had a place here once: what became of it stands in the ledger.
        explained = explain(request, now=now)
        if explained.earlier is not None:
            return explained.earlier
        if isinstance(explained.refusal, RequestKeyReused):
            raise explained.refusal
    if answer.verdict is Verdict.FULL and may_book_kept(request):
        return book_kept(request, now=now)
    raise refusal_for(answer)


def _answered(requests: Sequence[Request]) -> list[bool]:
    asked = [(request.account_id, request.request_key) for request in requests]
    found = answered_any(asked)
    # Whoever led the group goes on to wait for others.
    let_go()
    return [one in found for one in asked]


# Crowds are refused together: one statement answers many of them.
_answered_grouped = Grouped[Request, bool](_answered, most=200)


def _was_written(request: Request) -> bool:
    """Whether a gate that is in doubt speaks of no room to somebody who is booked."""
    try:
        return _answered_grouped(request)
    except LedgerError as error:
        raise Busy() from error


def _refused_by(guard: Guard | None, found: Sequence[bytes | None]) -> bool:
    try:
        return guard is not None and guard.refuses(found)
    except LedgerError as error:
        raise Busy() from error


def _write(
    request: Request, answer: Answer, coming: Expected | None = None, *, now: datetime, tries: int = 3
) -> AppointmentFacts:
    try:
        result = write(Placed(request, answer.place or 0, now), coming)
        if isinstance(result, AppointmentFacts):
            return result
        explained = _why(request, result, now=now)
    except LedgerError as error:
        # Written or not, nobody knows: the place is neither given back nor promised. A repeat gets the truth.
        raise Busy() from error
    if explained.earlier is not None:
        if explained.claim != request.claim:
            _drop_if_new(request, answer)
        return explained.earlier
    if explained.refusal is not None:
        _drop_if_new(request, answer)
        raise explained.refusal
    # Nothing speaks against it but the number: the gate was wrong about this slot. Put it right and try once more.
    return _again(request, now=now, tries=tries - 1)


def _why(request: Request, result: Written, *, now: datetime) -> Explained:
    if not isinstance(result, Exception):
        return explain(request, now=now)
    # The rules speak of today; the request may be a repeat of one that was in time.
    return earlier_try(request) or Explained(refusal=result)


def _again(request: Request, *, now: datetime, tries: int) -> AppointmentFacts:
    if tries <= 0:
        raise Busy()
    try:
        load_slot(request.slot_id, now=now, again=True)
        answer = ask_gate(Try(request.slot_id, request.claim, settings.GATE["lease"]), now=now)
    except GateDown:
        return _book_from_the_ledger(request, now=now)
    if answer.place is None:
        raise refusal_for(answer)
    return _write(replace(request, held=False), answer, now=now, tries=tries)


def _drop_if_new(request: Request, answer: Answer) -> None:
    """Give the place back that this call took; one that it found taken is somebody's appointment or hold."""
    if answer.verdict is Verdict.NEW:
        # Without the gate the lease brings it back.
        with suppress(GateDown):
            admission.drop_hold(request.slot_id, request.claim)


_fallback = threading.BoundedSemaphore(settings.GATE["fallback_limit"])


def _book_from_the_ledger(request: Request, guard: Guard | None = None, *, now: datetime) -> AppointmentFacts:
    """Without the gate: slower, and for a few at a time; who finds no room is told to come back."""
    # Whoever waits must not sit on a connection that those who write need.
    let_go()
    if not _fallback.acquire(timeout=1):
        LEDGER_ONLY.labels("turned_away").inc()
        raise Busy()
    LEDGER_ONLY.labels("let_in").inc()
    LEDGER_ONLY_RUNNING.inc()
    try:
        if guard and _refused_by(guard, [None] * len(guard.keys)):
            raise NotSignedIn()
        return _numbered_by_the_ledger(request, now=now)
    except LedgerError as error:
        raise Busy() from error
    finally:
        LEDGER_ONLY_RUNNING.dec()
        _fallback.release()


def _numbered_by_the_ledger(request: Request, *, now: datetime) -> AppointmentFacts:
    before = earlier_try(request) or Explained()
    if before.earlier is not None:
        return before.earlier
    if before.refusal is not None:
        raise before.refusal
    for place in free_places(request.slot_id, most=3):
        result = write(Placed(request, place, now))
        if isinstance(result, AppointmentFacts):
            return result
        explained = _why(request, result, now=now)
        if explained.earlier is not None:
            return explained.earlier
        if explained.refusal is not None:
            raise explained.refusal
        # Somebody else was quicker with this number; the next one may still be free.
    if free_places(request.slot_id, most=1):
        raise Busy()
    if may_book_kept(request):
        return book_kept(request, now=now)
    raise SlotFull()
