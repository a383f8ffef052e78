"""One appointment goes from a closed slot to the best place that there is for it."""

from collections.abc import Callable
from datetime import date
from enum import Enum, auto
from functools import cache

from django.db import Error as LedgerError
from django.db import transaction

from booking.models import Appointment, RelocationState
from booking.operations.plan_moves import drop_steps, load_again, steps_to
from booking.operations.record_moves import LookAgain, Mover, Step, record_moves
from booking.operations.refusals import (
    Busy,
    NoSecondPlace,
    NotEligible,
    NotFound,
    NotOpen,
    Refusal,
    SlotClosed,
    SlotFull,
    TooLate,
    WrongStatus,
)
from booking.operations.relocations.candidates import Candidates
from booking.operations.relocations.order import Order, still_there, write_down
from booking.operations.series import day_of, locked_series
from booking.queries.bookables import bookables
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.rules.eligibility import decide_move
from booking.rules.relocation import Offered

_TRIES = 3


class Outcome(Enum):
    """What came of it. GONE: meanwhile it was cancelled, moved or checked in, so nothing was done."""

    MOVED = auto()
    NOWHERE = auto()
    GONE = auto()


def give_place(row: Appointment, candidates: Candidates, order: Order) -> Outcome:
    """Give the appointment, of a closed slot, the best place that its series allows, and tell its people.

    The place is taken at the gate first; the move, the relocation and the message are one transaction. Raises Busy.
    """
    allows = _days_of(row)
    for offered in candidates.best_first(row):
        if not allows(offered.starts_at.date()):
            continue
        try:
            _go_to(row, offered, order)
        except (SlotFull, SlotClosed, NotOpen):
            candidates.full(offered.slot_id)
        except (NoSecondPlace, NotEligible):
            # A later dose would have to go along and cannot; on the days after this one it could even less.
            return Outcome.NOWHERE
        except (TooLate, WrongStatus, NotFound):
            return Outcome.GONE
        else:
            candidates.taken(offered.slot_id)
            return Outcome.MOVED
    return Outcome.NOWHERE


def _days_of(row: Appointment) -> Callable[[date], bool]:
    """On which days the person may have this dose; on its old day in any case."""
    old, found = day_of(row), None

    @cache
    def allows(day: date) -> bool:
        nonlocal found
        if day == old:
            return True
        found = found or bookables([(row.patient_id, row.booked_by_id, row.slot_id)])[0]  # type: ignore[list-item]
        # Of a patient who was removed from the account nothing is known by which another day could be judged.
        return found is not None and decide_move(found.slot.rules, found.person, row.dose, on=day).dose is not None

    return allows


def _go_to(row: Appointment, offered: Offered, order: Order) -> None:
    """Take the place and record it. Raises what the gate and the ledger refuse by, and Busy."""
    target = slot_facts([offered.slot_id]).get(offered.slot_id)
    if target is None:
        raise SlotClosed()
    # The claim that it has now makes the key: a repeat after a death in between gets the same place again.
    key = f"relocate|{row.claim}|{offered.slot_id}"
    taken: dict[str, Step] = {}
    for _ in range(_TRIES):
        try:
            steps = []
            for step in steps_to(row, target, key, None, None, now=order.now):
                steps.append(step)
                if step.newly:
                    taken[step.claim] = step
            claims = _record(row, steps, target, offered, order)
        except LookAgain as again:
            load_again(again.slots, now=order.now)
        except Refusal:
            drop_steps(taken.values())
            raise
        except LedgerError as error:
            # Whether it was written is not known: the lease and the reconciler decide.
            raise Busy() from error
        else:
            drop_steps(step for claim, step in taken.items() if claim not in claims)
            return
    drop_steps(taken.values())
    raise Busy()


def _record(row: Appointment, steps: list[Step], target: SlotFacts, offered: Offered, order: Order) -> set[str]:
    with transaction.atomic():
        current, _ = locked_series(row.booked_by_id, row.reference)
        if not still_there(current, row):
            raise WrongStatus(status=current.status)
        mover = Mover(order.by, by_city=True)
        moved, claims = record_moves(row.booked_by_id, steps, target.rules, now=order.now, mover=mover)
        write_down(moved, order, old=row.slot, new=moved.slot, metres=offered.metres, state=RelocationState.PENDING)
    return claims
