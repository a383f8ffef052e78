"""An appointment goes to another slot, and later doses of its series go along where they would come too soon."""

from datetime import datetime
from uuid import UUID

from django.db import Error as LedgerError

from booking.models import Appointment, Slot, Status
from booking.operations.counted import counted
from booking.operations.draws.kept import refuse_if_being_drawn
from booking.operations.plan_moves import drop_steps, load_again, steps_to
from booking.operations.record_moves import LookAgain, Step, record_moves
from booking.operations.refusals import Busy, NotEligible, NotFound, Refusal, SlotClosed
from booking.operations.releases.at_the_door import refuse_at_the_door
from booking.operations.releases.brought import NOTHING, Brought
from booking.operations.releases.pausing import refuse_if_paused
from booking.queries.appointments import AppointmentFacts, facts_after
from booking.queries.bookables import bookables
from booking.queries.slot_facts import SlotFacts, slot_facts
from booking.rules.eligibility import decide_move


@counted("move")
def move(
    *,
    account_id: int,
    reference: str,
    slot_id: int,
    request_key: str,
    now: datetime,
    hold_claim: str | None = None,
    brought: Brought = NOTHING,
) -> AppointmentFacts:
    """Move the appointment to the slot, of the same programme; the old place is kept until the new one is certain.

    With `hold_claim` it goes to the place that was held. Where a later dose that this account has booked would then
    come too soon, it moves too, in the same transaction: to the nearest slot with room at its own site; that does not
    count as one of its changes; nor does a move away from a place that the city chose and that the citizen has not
    accepted. A repeat that finds it there already changes nothing. Raises NotFound, TooLate, WrongStatus,
    NoChangesLeft, NotEligible, NoSecondPlace, Paused, NotYourTurn for a slot whose places are being drawn, and what
    booking raises for the new slot, at the door too.
    """
    refuse_if_paused()
    row = Appointment.objects.filter(booked_by_id=account_id, reference=reference).select_related("slot").first()
    if row is None:
        raise NotFound(what="appointment")
    if row.slot_id == slot_id and row.status == Status.BOOKED:
        # It asks for no place: its own may be the last, and a gate that is away or has forgotten would not know.
        return facts_after(row)
    wishes = [] if hold_claim else [(UUID(str(row.patient_id)), slot_id)]
    refuse_at_the_door(account_id=account_id, wishes=wishes, brought=brought, now=now)
    target = _check_slot(row, slot_id, now=now)
    taken: dict[str, Step] = {}
    for _ in range(3):
        try:
            steps = []
            for step in steps_to(row, target, request_key, hold_claim, brought, now=now):
                steps.append(step)
                if step.newly:
                    taken[step.claim] = step
            moved, claims = record_moves(account_id, steps, target.rules, now=now)
        except LookAgain as again:
            load_again(again.slots, now=now)
            row.refresh_from_db()
            continue
        except Refusal:
            drop_steps(taken.values())
            raise
        except LedgerError as error:
            raise Busy() from error
        # An earlier try may have moved it already; the places taken now are then too many.
        drop_steps(step for claim, step in taken.items() if claim not in claims)
        return facts_after(moved)
    drop_steps(taken.values())
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
    refuse_if_being_drawn(facts)
    found = bookables([(UUID(str(row.patient_id)), row.booked_by_id, slot_id)])[0]
    # A patient may have been removed from the account; the appointment lives on and may still be moved.
    if found is not None:
        decision = decide_move(facts.rules, found.person, row.dose, on=facts.day)
        if decision.dose is None:
            raise NotEligible(reason=decision.reason, from_date=decision.from_date)
    return facts
