"""What several bookings at once would be: which dose for whom, decided before or after the gate gave places."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from booking.operations.refusals import NotEligible, NotFound, SlotClosed
from booking.operations.releases.turn import out_of_turn
from booking.queries.bookables import Bookable, bookables
from booking.rules.eligibility import decide_series

# (patient, slot)
Wish = tuple[UUID, int]
MOST_PEOPLE = 4
MOST_DOSES = 2


@dataclass(frozen=True, slots=True)
class Planned:
    """One of the appointments wished for, with the dose that it would be for."""

    patient_id: UUID
    slot_id: int
    bookable: Bookable
    dose: int


def check_size(wishes: Sequence[Wish]) -> None:
    """Raises ValueError, a fault of the caller, unless it is 1 to 4 people with one or two doses each."""
    patients = [patient_id for patient_id, _ in wishes]
    if not 1 <= len(set(patients)) <= MOST_PEOPLE or any(patients.count(one) > MOST_DOSES for one in patients):
        raise ValueError("1 to 4 people, each with one or two doses")


def plan_together(
    *, account_id: int, wishes: Sequence[Wish], now: datetime, held: Collection[Wish] = ()
) -> list[Planned]:
    """Each wish with its dose, in the caller's order. Of two doses of one person the earlier slot is for the first.

    Whoever holds a place was in turn when it was given. Raises NotFound, SlotClosed, NotEligible and NotYourTurn, with
    `patient` and `slot` of the wish that cannot be, and `dose`.
    """
    check_size(wishes)
    found = bookables([(patient_id, account_id, slot_id) for patient_id, slot_id in wishes])
    series: dict[tuple[UUID, int], list[tuple[int, Bookable]]] = {}
    for position, ((patient_id, slot_id), bookable) in enumerate(zip(wishes, found, strict=True)):
        if bookable is None:
            raise NotFound(what="patient").about(patient=patient_id, slot=slot_id)
        if not bookable.slot.is_active or bookable.slot.starts_at <= now:
            raise SlotClosed().about(patient=patient_id, slot=slot_id)
        series.setdefault((bookable.person_key, bookable.slot.programme_id), []).append((position, bookable))
    asking = [(wish, one) for wish, one in zip(wishes, found, strict=True) if one is not None and wish not in held]
    for wish, no in zip(asking, out_of_turn([(wish[0], one) for wish, one in asking], now=now), strict=True):
        if no is not None:
            raise no.about(patient=wish[0][0], slot=wish[0][1])
    planned: dict[int, Planned] = {}
    for wanted in series.values():
        wanted.sort(key=lambda one: one[1].slot.starts_at)
        first = wanted[0][1]
        decided = decide_series(first.slot.rules, first.person, on=[bookable.slot.day for _, bookable in wanted])
        for (position, bookable), (dose, decision) in zip(wanted, decided, strict=False):
            patient_id, slot_id = wishes[position]
            if decision.dose is None:
                refusal = NotEligible(reason=decision.reason, from_date=decision.from_date)
                raise refusal.about(patient=patient_id, slot=slot_id, dose=dose)
            planned[position] = Planned(patient_id, slot_id, bookable, dose)
    return [planned[position] for position in range(len(wishes))]
