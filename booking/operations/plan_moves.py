"""The gate's half of a move: a place in the new slot, and one for each later dose that has to go along."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import date, datetime
from uuid import UUID

from django.conf import settings
from django.utils import timezone

from booking.admission import GateDown, Try, Verdict
from booking.models import Appointment, Status
from booking.operations.ask_for_all import drop
from booking.operations.ask_gate import ask_gate, refusal_for
from booking.operations.book import claim_for
from booking.operations.queues.let_in import refuse_out_of_queue
from booking.operations.queues.refusals import QueueNotYet, QueuePlaceMissing, QueuePlaceWrong
from booking.operations.record_moves import Step
from booking.operations.refusals import NoSecondPlace, NotEligible, SlotClosed, SlotFull
from booking.operations.releases.brought import Brought
from booking.operations.series import day_of, live_series
from booking.queries.free_places import free_places
from booking.queries.later_slots import later_slots, later_slots_near
from booking.queries.load_gate import load_slot
from booking.queries.slot_facts import SlotFacts
from booking.rules.eligibility import earliest_after

# Slots of the next dose's site that are tried, nearest first, before it counts as full.
_CANDIDATES = 5


def steps_to(
    row: Appointment,
    target: SlotFacts,
    request_key: str,
    hold_claim: str | None,
    brought: Brought | None,
    *,
    now: datetime,
) -> Iterator[Step]:
    """Take the places at the gate one after the other: where a later dose can go depends on the one before it.

    The same request key gets the same places again. `brought` None: the city moves them, whatever queue there is.
    Raises what the gate refuses by, NotEligible where a later dose is not this account's to move, and NoSecondPlace.
    """
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
            step, day = _take_along(row, later, first, request_key, brought, now=now)
            dose = later.dose
            yield step


def drop_steps(steps: Iterable[Step]) -> None:
    """Give back the places of steps that were not recorded."""
    drop(Try(step.slot_id, step.claim, 0) for step in steps)


def load_again(slot_ids: Sequence[int], *, now: datetime) -> None:
    """The gate was wrong about these slots: have it read the ledger."""
    with suppress(GateDown):
        for slot_id in slot_ids:
            load_slot(slot_id, now=now, again=True)


def _take_along(
    row: Appointment, later: Appointment, first: date, request_key: str, brought: Brought | None, *, now: datetime
) -> tuple[Step, date]:
    """A place for the later dose from that day on, and its day."""
    if later.booked_by_id != row.booked_by_id or later.status != Status.BOOKED:
        raise NotEligible(reason="next_dose_booked")
    site_id, programme_id = later.slot.site_id, row.programme_id
    for slot in later_slots(site_id=site_id, programme_id=programme_id, first=first, now=now, most=_CANDIDATES):
        claim = claim_for(row.booked_by_id, f"move|{row.reference}|{request_key}|{later.reference}|{slot.slot_id}")
        with suppress(SlotFull, SlotClosed, QueuePlaceMissing, QueuePlaceWrong, QueueNotYet):
            if brought is not None:
                refuse_out_of_queue([(UUID(str(later.patient_id)), slot.slot_id)], brought, now=now)
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
