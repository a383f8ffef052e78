"""Who may have one of the places that a full slot keeps for later doses."""

from contextlib import suppress

from booking import admission
from booking.admission import GateDown
from booking.operations.grouping import Grouped
from booking.operations.write_bookings import Request
from booking.queries.bookables import Bookable, bookables
from booking.queries.slot_facts import slot_facts
from booking.rules.eligibility import decide

# In a rush nearly everybody who finds the slot full is there for a first dose: they share the question.
_found = Grouped(bookables, most=64)


def may_have_kept(bookable: Bookable | None) -> bool:
    """Whether it would be a second or later dose, one that the person has not booked already."""
    if bookable is None or not bookable.slot.keeps_doses:
        return False
    dose = decide(bookable.slot.rules, bookable.person, on=bookable.slot.day).dose
    return dose is not None and dose > 1 and dose not in dict(bookable.person.booked)


def may_book_kept(request: Request) -> bool:
    """The same of somebody who was told that the slot is full. No statement where it keeps none, or none is left."""
    slot = slot_facts([request.slot_id]).get(request.slot_id)
    if slot is None or not slot.keeps_doses:
        return False
    at_gate = admission.kept_at_gate(request.slot_id)
    # Without the gate, or if it has not been asked yet, the ledger knows.
    with suppress(GateDown):
        if admission.places_left([at_gate]).get(at_gate) == 0:
            return False
    return may_have_kept(_found((request.patient_id, request.account_id, request.slot_id)))
