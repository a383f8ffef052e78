"""The order of rules.priority and the wishes of the waitlist, as the ledger works them out."""

from collections.abc import Sequence
from datetime import date

from booking.rules.priority import AGE_60, CHILD, CHILD_UNTIL, LOST_DRAW, OLD_FROM, SECOND_DOSE

# True of an entry `e` and its patient `p`.
_TRUE = {
    SECOND_DOSE: """(EXISTS (SELECT FROM booking_appointment a WHERE a.person = e.person
        AND a.programme_id = e.programme_id AND a.status = 'FULFILLED')
      OR EXISTS (SELECT FROM booking_outsidedose d WHERE d.person = e.person AND d.programme_id = e.programme_id
        AND d.voided_at IS NULL))""",
    AGE_60: "p.birth_date <= %(old_since)s",
    CHILD: "p.birth_date > %(child_since)s",
    LOST_DRAW: """EXISTS (SELECT FROM booking_drawentry d JOIN booking_draw w ON w.id = d.draw_id
        WHERE d.person = e.person AND w.programme_id = e.programme_id AND w.state = 'DRAWN'
          AND d.withdrawn_at IS NULL AND d.slot_id IS NULL)""",
}


def rank_of(order: Sequence[str]) -> str:
    """SQL of the rank of entry `e` of patient `p`, with the parameters of `rank_parameters`; 0 without an order."""
    known = [name for name in order if name in _TRUE]
    cases = " ".join(f"WHEN {_TRUE[name]} THEN {position}" for position, name in enumerate(known))
    return f"(CASE {cases} ELSE {len(known)} END)" if known else "0"


def rank_parameters(today: date) -> dict[str, date]:
    """What `rank_of` asks for. Whoever turns 60 today is 60."""
    return {"old_since": _born(today, OLD_FROM), "child_since": _born(today, CHILD_UNTIL)}


def _born(today: date, age: int) -> date:
    """The last birthday of those who are as old as that."""
    try:
        return today.replace(year=today.year - age)
    except ValueError:
        return date(today.year - age, 2, 28)
