"""Several people in one visit, or both doses of a series: every place is taken, or none is.

The steps are those of a single booking (`book`), with all places on one way to the gate and in one transaction of the
ledger. Each appointment has its own reference, and is moved or cancelled by itself.
"""

import hashlib
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from django.conf import settings
from django.db import Error as LedgerError

from booking.admission import Answer, GateDown, Try, Verdict
from booking.models.sessions import let_go
from booking.operations.ask_for_all import ask_for_all, drop
from booking.operations.ask_gate import refusal_for
from booking.operations.book import claim_for
from booking.operations.count_tries import counts_tries
from booking.operations.counted import counted
from booking.operations.hold import read_hold
from booking.operations.plan_together import Planned, Wish, check_size, plan_together
from booking.operations.refusals import Busy, HoldExpired, Refusal, SlotFull
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING, Brought
from booking.operations.releases.pausing import refuse_if_paused
from booking.operations.write_together import Booked, Together, Unwritten, earlier, keys_for, write_all
from booking.queries.appointments import AppointmentFacts
from booking.queries.free_places import free_places
from booking.queries.load_gate import load_slot

_TRIES = 3


@counted("book_together")
@counts_tries
def book_together(
    *,
    account_id: int,
    wishes: Sequence[Wish],
    request_key: str,
    now: datetime,
    holds: Sequence[str] | None = None,
    brought: Brought = NOTHING,
) -> tuple[AppointmentFacts, ...]:
    """Book each (patient, slot), all or none, or return what an earlier try with this key booked; in that order.

    1 to 4 people, and one or two doses each; of two doses the earlier slot is for the first. queries/neighbours chooses
    slots for a visit. `holds` are tokens of hold_together, and places that they do not cover are taken now.

    Raises as `book` does, with `patient` and `slot`, and `dose` where it is known, of the wish that could not be.
    After Paused and Busy the caller repeats with the same key: they may have been booked.
    """
    check_size(wishes)
    refuse_if_paused()
    asked, tries = _asked(account_id, wishes, request_key, holds or ())
    waiting = [wish for wish in asked.wishes if wish not in asked.held]
    refuse_at_the_door(account_id=account_id, wishes=waiting, brought=brought, now=now)
    taken: dict[str, Try] = {}
    for _ in range(_TRIES):
        try:
            answers = ask_for_all(tries, now=now)
        except GateDown:
            return _book_from_the_ledger(asked, now=now)
        taken |= {one.claim: one for one, answer in zip(tries, answers, strict=True) if answer.verdict is Verdict.NEW}
        try:
            booked = _write(asked, answers, now=now)
        except Unwritten as unwritten:
            # Nothing speaks against it but the numbers: the gate was wrong about these slots. Put them right.
            with suppress(GateDown):
                for slot_id in unwritten.slots:
                    load_slot(slot_id, now=now, again=True)
            tries = [replace(wanted, held=False) for wanted in tries]
            continue
        except Refusal:
            drop(taken.values())
            raise
        except LedgerError as error:
            # Written or not, nobody knows: no place is given back and none is promised. A repeat gets the truth.
            raise Busy() from error
        # An earlier try may have taken its places under other claims; those taken now are then too many.
        drop(one for claim, one in taken.items() if claim not in booked.claims)
        return booked.facts
    raise Busy()


def digest_of(wishes: Sequence[Wish]) -> str:
    """What a request asked for; holds are only the way to it, and may have been extended before a repeat."""
    text = ",".join(f"{slot_id}|{patient_id}" for patient_id, slot_id in wishes)
    return hashlib.sha256(f"together|{text}".encode()).hexdigest()[:32]


def _asked(
    account_id: int, wishes: Sequence[Wish], request_key: str, holds: Sequence[str]
) -> tuple[Together, list[Try]]:
    wishes = [(patient_id, slot_id) for patient_id, slot_id in wishes]
    keys = keys_for(request_key, len(wishes))
    held = {(one.patient_id, one.slot_id): one.claim for one in (read_hold(h, account_id=account_id) for h in holds)}
    for patient_id, slot_id in held:
        if (patient_id, slot_id) not in wishes:
            raise HoldExpired().about(patient=patient_id, slot=slot_id)
    claims = [held.get(wish) or claim_for(account_id, key) for wish, key in zip(wishes, keys, strict=True)]
    tries = [
        Try(wish[1], claim, settings.GATE["lease"], held=wish in held)
        for wish, claim in zip(wishes, claims, strict=True)
    ]
    return Together(account_id, wishes, keys, claims, digest_of(wishes), frozenset(held)), tries


def _write(asked: Together, answers: Sequence[Answer], *, now: datetime) -> Booked:
    for (patient_id, slot_id), answer in zip(asked.wishes, answers, strict=True):
        if answer.place is None:
            # Once this very request had a place here: what became of it stands in the ledger.
            # A gate in doubt speaks of no room to people who are booked.
            known = any(one.doubted or one.verdict in (Verdict.PAST, Verdict.LOST) for one in answers)
            before = earlier(asked) if known else None
            if before is not None:
                return before
            raise refusal_for(answer).about(patient=patient_id, slot=slot_id)
    try:
        planned = _plan(asked, now=now)
    except Refusal:
        # The rules may say no today to what an earlier try was given.
        before = earlier(asked)
        if before is not None:
            return before
        raise
    return write_all(asked, planned, [answer.place or 0 for answer in answers], now=now)


def _plan(asked: Together, *, now: datetime) -> list[Planned]:
    return plan_together(account_id=asked.account_id, wishes=asked.wishes, held=asked.held, now=now)


# Beside the single bookings', so that families are not the ones who never get a turn.
_fallback = threading.BoundedSemaphore(settings.GATE["fallback_limit"])


def _book_from_the_ledger(asked: Together, *, now: datetime) -> tuple[AppointmentFacts, ...]:
    """Without the gate: slower, and for a few at a time; who finds no room is told to come back."""
    # Whoever waits must not sit on a connection that those who write need.
    let_go()
    if not _fallback.acquire(timeout=1):
        raise Busy()
    try:
        before = earlier(asked)
        if before is not None:
            return before.facts
        planned = _plan(asked, now=now)
        for _ in range(_TRIES):
            try:
                return write_all(asked, planned, _free_places(asked), now=now).facts
            except Unwritten:
                # Somebody else was quicker with one of these numbers; others may still be free.
                continue
        raise Busy()
    except LedgerError as error:
        raise Busy() from error
    finally:
        _fallback.release()


def _free_places(asked: Together) -> list[int]:
    wanted = Counter(slot_id for _, slot_id in asked.wishes)
    free = {slot_id: free_places(slot_id, most=count) for slot_id, count in wanted.items()}
    places = []
    for patient_id, slot_id in asked.wishes:
        if not free[slot_id]:
            raise SlotFull().about(patient=patient_id, slot=slot_id)
        places.append(free[slot_id].pop())
    return places
