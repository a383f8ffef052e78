"""Whose turn it is to book a programme, by the way in which its places are released."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

# As booking.models.ReleaseMode; whoever is not named here books when the slot opens.
COHORT, INVITATION, DRAW = "cohort", "invitation", "draw"

# Why it is not somebody's turn.
LATER, OVER, NO_COHORT, NOT_INVITED, BY_DRAW = "cohort_later", "cohort_over", "no_cohort", "not_invited", "by_draw"


@dataclass(frozen=True, slots=True)
class CohortRule:
    """Who may book from when to when. Empty digits and days: any; days inclusive; `closes_at` None: for good."""

    digits: frozenset[str]
    born_from: date | None
    born_until: date | None
    opens_at: datetime
    closes_at: datetime | None

    def has(self, digit: str, born: date) -> bool:
        """Whether somebody with this last digit, born on this day, belongs to it."""
        return (
            (not self.digits or digit in self.digits)
            and (self.born_from is None or born >= self.born_from)
            and (self.born_until is None or born <= self.born_until)
        )

    def is_open(self, now: datetime) -> bool:
        """Whether its people may book now."""
        return self.opens_at <= now and (self.closes_at is None or now < self.closes_at)


@dataclass(frozen=True, slots=True)
class NoTurn:
    """That it is not their turn. `reason` is one of the above; `from_time` when it will be, if that is known."""

    reason: str
    from_time: datetime | None = None


def last_digit(document_number: str) -> str:
    """The last digit of a document's number, letters after it left out; empty if it has none."""
    return next((sign for sign in reversed(document_number) if sign in "0123456789"), "")


def turn_by_cohort(cohorts: Sequence[CohortRule], *, digit: str, born: date, now: datetime) -> NoTurn | None:
    """None if one of the person's cohorts is open now."""
    own = [cohort for cohort in cohorts if cohort.has(digit, born)]
    if any(one.is_open(now) for one in own):
        return None
    later = min((one.opens_at for one in own if one.opens_at > now), default=None)
    if later is not None:
        return NoTurn(LATER, later)
    return NoTurn(OVER if own else NO_COHORT)


def open_until(cohorts: Sequence[CohortRule], *, digit: str, born: date, now: datetime) -> datetime | None:
    """When the last of the person's cohorts that are open now closes; None if one of them stays open for good."""
    ends = [one.closes_at for one in cohorts if one.has(digit, born) and one.is_open(now)]
    known = [end for end in ends if end is not None]
    return max(known, default=None) if len(known) == len(ends) else None
