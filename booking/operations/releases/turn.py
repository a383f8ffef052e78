"""Nobody begins a programme out of turn: not in their cohort's days, not invited, or released by draw.

Whoever has begun a series may finish it: their turn was when they began.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from booking.operations.refusals import NotYourTurn
from booking.queries.bookables import Bookable
from booking.queries.release_modes import Asking, turns


def out_of_turn(wanted: Sequence[tuple[UUID, Bookable]], *, now: datetime) -> list[NotYourTurn | None]:
    """For each (patient, what they want), the refusal if it is not their turn; no statement for open releases."""
    refused: list[NotYourTurn | None] = [None] * len(wanted)
    by_programme: dict[int, list[int]] = {}
    for position, (_, bookable) in enumerate(wanted):
        if bookable.person.doses_received or bookable.person.booked:
            continue
        by_programme.setdefault(bookable.slot.programme_id, []).append(position)
    for programme_id, positions in by_programme.items():
        asking = [_asking(*wanted[position]) for position in positions]
        for position, no in zip(positions, turns(asking, programme_id, now=now), strict=True):
            if no is not None:
                refused[position] = NotYourTurn(reason=no.reason, from_time=no.from_time)
    return refused


def _asking(patient_id: UUID, bookable: Bookable) -> Asking:
    return Asking(patient_id, bookable.person_key, bookable.person.birth_date)
