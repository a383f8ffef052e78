"""What of a dose that was given elsewhere can be right. Plain values in, reasons out."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

# How long whoever entered a dose can take it back without a reason.
UNDO = timedelta(minutes=1)

BLANK, NO_SUCH_DOSE, IN_THE_FUTURE, BEFORE_BIRTH, OUT_OF_ORDER = (
    "blank", "no_such_dose", "in_the_future", "before_birth", "out_of_order",
)  # fmt: skip


def mistakes(
    *,
    dose: int,
    doses: int,
    given_on: date,
    where: str,
    evidence: str,
    today: date,
    born_on: date | None,
    others: Mapping[int, date],
) -> list[tuple[str, str]]:
    """Pairs of field and reason. `others`: when the person's other doses of the series were given or are booked.

    The interval is not asked for: what was given was given, whether or not it was too soon.
    """
    found = [(name, BLANK) for name, text in (("where", where), ("evidence", evidence)) if not text.strip()]
    if not 1 <= dose <= doses:
        found.append(("dose", NO_SUCH_DOSE))
    if given_on > today:
        found.append(("given_on", IN_THE_FUTURE))
    elif born_on is not None and given_on < born_on:
        found.append(("given_on", BEFORE_BIRTH))
    elif any((number < dose) != (on < given_on) for number, on in others.items() if number != dose):
        found.append(("given_on", OUT_OF_ORDER))
    return found


def can_take_back(*, entered_at: datetime, now: datetime) -> bool:
    """Whether the one who entered it may still do as if nothing had been."""
    return now <= entered_at + UNDO
