"""What stands in the way of a dose, from plain values. The desk's screens decide the same with the same table of cases.

A bar is not the last word: except for the two that leave nothing to decide, a doctor may lift each with a reason. Also
an expired batch or a wrong vaccine: barring those for good would only keep a dose that was given out of the record.
What was lifted, by whom and why stands in the record and in the audit trail.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from booking.rules.stock import is_expired

ALREADY_GIVEN = "already_given"
UNKNOWN_BATCH = "unknown_batch"
WRONG_VACCINE = "wrong_vaccine"
BATCH_EXPIRED = "batch_expired"
BATCH_FINISHED = "batch_finished"
BATCH_EMPTY = "batch_empty"
DOSE_BEFORE_MISSING = "dose_before_missing"
TOO_EARLY = "too_early"
NOT_ASKED = "not_asked"
DEFERRED = "deferred"

# A dose is given once, and nobody can say what an unknown batch is.
FOR_GOOD = frozenset({ALREADY_GIVEN, UNKNOWN_BATCH})
LIFTABLE = frozenset(
    {WRONG_VACCINE, BATCH_EXPIRED, BATCH_FINISHED, BATCH_EMPTY, DOSE_BEFORE_MISSING, TOO_EARLY, NOT_ASKED, DEFERRED}
)
# Those that the batch itself is the reason for.
BATCH_BARS = frozenset({WRONG_VACCINE, BATCH_EXPIRED, BATCH_FINISHED, BATCH_EMPTY})
SHORTEST_REASON = 4


@dataclass(frozen=True, slots=True)
class BatchNow:
    """A batch as it is: `vaccine` by its code, `left` doses; it may be given up to `expires_on`."""

    vaccine: str
    expires_on: date
    finished: bool
    left: int


def bars(
    *,
    on: date,
    vaccine: str,
    batch: BatchNow | None,
    dose: int,
    doses_received: int,
    not_before: date | None,
    decision: str | None,
    given: bool,
) -> list[str]:
    """Everything that bars this dose of the series, of `vaccine` from `batch`, on that day; worst first.

    `doses_received`: how many of the doses before it somebody has had, which may be elsewhere than we know of.
    `decision` is what the health questions came to ("MAY", "DEFER", "REFUSE"), None before they were asked;
    `not_before` the day from which the interval to the dose before is long enough; `given`: this dose has been given
    already.
    """
    found = [ALREADY_GIVEN] if given else []
    found += _of_batch(batch, vaccine, on) if batch is not None else [UNKNOWN_BATCH]
    if doses_received < dose - 1:
        found.append(DOSE_BEFORE_MISSING)
    if not_before is not None and on < not_before:
        found.append(TOO_EARLY)
    if decision is None:
        found.append(NOT_ASKED)
    elif decision != "MAY":
        found.append(DEFERRED)
    return found


def _of_batch(batch: BatchNow, vaccine: str, on: date) -> list[str]:
    wrong = {
        WRONG_VACCINE: batch.vaccine != vaccine,
        BATCH_EXPIRED: is_expired(batch.expires_on, today=on),
        BATCH_FINISHED: batch.finished,
        BATCH_EMPTY: batch.left <= 0,
    }
    return [bar for bar, is_so in wrong.items() if is_so]


def still_barred(found: Sequence[str], *, lift: Collection[str], reason: str, doctor: bool) -> list[str]:
    """The bars that stay if somebody wants to lift `lift` for that reason; only a doctor may, and has to say why."""
    lifted = LIFTABLE & set(lift) if doctor and is_reason(reason) else frozenset()
    return [bar for bar in found if bar not in lifted]


def is_reason(text: str) -> bool:
    """Whether that says why, rather than being something typed to get past the field."""
    return len(text.strip()) >= SHORTEST_REASON


def not_before(intervals: Sequence[int], *, dose: int, before_on: date | None) -> date | None:
    """From when this dose may be given, if the one before it was given on that day; None: no interval to keep."""
    if dose < 2 or before_on is None or dose - 1 > len(intervals):
        return None
    return before_on + timedelta(days=intervals[dose - 2])
