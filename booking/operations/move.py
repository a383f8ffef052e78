"""An appointment goes to another slot, and later doses of its series go along where they would come too soon."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.db import Error as LedgerError
from django.utils import timezone

from booking.admission import GateDown, Try, Verdict
from booking.models import Appointment, Slot, Status
from booking.operations.ask_for_all import drop
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.book import claim_for
from booking.operations.record_moves import LookAgain, Step, record_moves
from booking.operations.refusals import (
    Busy,
    NoSecondPlace,
    NotEligible,
    NotFound,
    Refusal,
    SlotClosed,
    SlotFull,
)
from booking.operations.releases.pausing import refuse_if_paused
from booking.operations.series import day_of, live_series
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.queries.bookables import bookables
from booking.queries.free_places import free_places
from booking.queries.later_slots import later_slots, later_slots_near
from booking.queries.load_gate import load_slot
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.rules.eligibility import decide_move, earliest_after

# Slots of the next dose's site that are tried, nearest first, before it counts as full.
_CANDIDATES = 5


def move(
    *,
    account_id: int,
    reference: str,
    slot_id: int,
    request_key: str,
    now: datetime,
    hold_claim: str | None = None,
    while_paused: bool = False,
) -> AppointmentFacts:
    """Move the appointment to the slot, of the same programme; the old place is kept until the new one is certain.

    With `hold_claim` it goes to the place that was held. Where a later dose that this account has booked would then
    come too soon, it moves too, in the same transaction: to the nearest slot with room at its own site; that does not
    count as one of its changes. A repeat that finds it there already changes nothing. `while_paused` is for the city's
    own moves, which go on during a pause. Raises NotFound, TooLate, WrongStatus, NoChangesLeft, NotEligible,
    NoSecondPlace, and what booking raises for the new slot.
    """
    if not while_paused:
        refuse_if_paused()
    row = Appointment.objects.filter(booked_by_id=account_id, reference=reference).select_related("slot").first()
    if row is None:
        raise NotFound(what="appointment")
    target = _check_slot(row, slot_id, now=now)
    taken: dict[str, Step] = {}
    for _ in range(3):
        try:
            steps = []
            for step in _steps(row, target, request_key, hold_claim, now=now):
                steps.append(step)
                if step.newly:
                    taken[step.claim] = step
            moved, claims = record_moves(account_id, steps, target.rules, now=now, while_paused=while_paused)
        except LookAgain as again:
            _put_right(again, now=now)
            row.refresh_from_db()
            continue
        except Refusal:
            _drop(taken.values())
            raise
        except LedgerError as error:
            raise Busy() from error
        # An earlier try may have moved it already; the places taken now are then too many.
        _drop(step for claim, step in taken.items() if claim not in claims)
        return facts_of(moved)
    _drop(taken.values())
    raise Busy()


def _check_slot(row: Appointment, slot_id: int, *, now: datetime) -> SlotFacts:
    """Refuse by the rules before a place is taken for it."""
    slot = Slot.objects.filter(pk=slot_id).first()
    facts = slot_facts([slot_id]).get(slot_id)
    if slot is None or facts is None or facts.programme_id != row.programme_id:
        raise NotFound(what="slot")
    if row.slot_id == slot_id:
        return facts
    if slot.closed_at is not None or slot.starts_at <= now or not facts.is_active:
        raise SlotClosed()
    found = bookables([(UUID(str(row.patient_id)), row.booked_by_id, slot_id)])[0]
    # A patient may have been removed from the account; the appointment lives on and may still be moved.
    if found is not None:
        decision = decide_move(facts.rules, found.person, row.dose, on=facts.day)
        if decision.dose is None:
            raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    return facts


def _steps(
    row: Appointment, target: SlotFacts, request_key: str, hold_claim: str | None, *, now: datetime
) -> Iterator[Step]:
    """Take the places at the gate one after the other: where a later dose can go depends on the one before it."""
    claim = hold_claim or claim_for(row.booked_by_id, f"move|{row.reference}|{request_key}")
    yield _take(row.reference, target.slot_id, claim, now=now, held=hold_claim is not None)
    if row.slot_id == target.slot_id:
        return
    day, dose = target.day, row.dose
    for later in live_series(row):
        if later.dose == dose + 1:
            first = earliest_after(target.rules, dose, day)
            if day_of(later) >= first:
                return
            step, day = _take_along(row, later, first, request_key, now=now)
            dose = later.dose
            yield step


def _take_along(
    row: Appointment, later: Appointment, first: date, request_key: str, *, now: datetime
) -> tuple[Step, date]:
    """A place for the later dose from that day on, and its day."""
    if later.booked_by_id != row.booked_by_id or later.status != Status.BOOKED:
        raise NotEligible(reason="next_dose_booked")
    site_id, programme_id = later.slot.site_id, row.programme_id
    for slot in later_slots(site_id=site_id, programme_id=programme_id, first=first, now=now, most=_CANDIDATES):
        claim = claim_for(row.booked_by_id, f"move|{row.reference}|{request_key}|{later.reference}|{slot.slot_id}")
        with suppress(SlotFull, SlotClosed):
            return _take(later.reference, slot.slot_id, claim, now=now), timezone.localdate(slot.starts_at)
    near = later_slots_near(site_id=site_id, programme_id=programme_id, first=first, now=now, most=3)
    raise NoSecondPlace(dose=later.dose, from_date=first, nearest=near)


def _take(reference: str, slot_id: int, claim: str, *, now: datetime, held: bool = False) -> Step:
    try:
        answer = ask_gate(Try(slot_id, claim, settings.GATE["lease"], held), now=now)
    except GateDown:
        free = free_places(slot_id, most=1)
        if not free:
            raise SlotFull() from None
        return Step(reference, slot_id, free[0], claim, newly=False)
    if answer.place is None:
        raise refusal_for(answer)
    return Step(reference, slot_id, answer.place, claim, newly=answer.verdict is Verdict.NEW)


def _drop(steps: Iterable[Step]) -> None:
    drop(Try(step.slot_id, step.claim, 0) for step in steps)


def _put_right(again: LookAgain, *, now: datetime) -> None:
    with suppress(GateDown):
        for slot_id in again.slots:
            load_slot(slot_id, now=now, again=True)
