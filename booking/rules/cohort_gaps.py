"""What to look at before people are let in by cohort: who is in none, who is in several, when it is nobody's turn."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

from booking.rules.release_modes import CohortRule

DIGITS = "0123456789"
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time and the cohorts (their numbers from 0) whose people may book in it."""

    starts_at: datetime
    ends_at: datetime
    cohorts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """People who are in no cohort: these last digits, born from and until (None: from or until any day)."""

    digits: str
    born_from: date | None
    born_until: date | None


def stretches(cohorts: Sequence[CohortRule], *, first: datetime, last: datetime) -> list[Stretch]:
    """From `first` to `last`, who may book when; a new stretch wherever that changes."""
    edges = {first, last}
    for one in cohorts:
        edges |= {at for at in (one.opens_at, one.closes_at) if at is not None and first < at < last}
    ordered = sorted(edges)
    return [
        Stretch(starts_at, ends_at, tuple(n for n, one in enumerate(cohorts) if one.is_open(starts_at)))
        for starts_at, ends_at in pairwise(ordered)
    ]


def left_out(cohorts: Sequence[CohortRule], *, born_from: date, born_until: date) -> list[LeftOut]:
    """Of those born between these days, both included, who is in no cohort; neighbours with the same digits are one."""
    edges = {born_from}
    for one in cohorts:
        starts = (one.born_from, one.born_until + _DAY if one.born_until else None)
        edges |= {day for day in starts if day is not None and born_from < day <= born_until}
    ordered = sorted(edges)
    ends = [*(day - _DAY for day in ordered[1:]), born_until]
    found: list[LeftOut] = []
    for begin, end in zip(ordered, ends, strict=True):
        digits = "".join(digit for digit in DIGITS if not any(one.has(digit, begin) for one in cohorts))
        if found and found[-1].digits == digits:
            found[-1] = LeftOut(digits, found[-1].born_from, end)
        else:
            found.append(LeftOut(digits, begin, end))
    return [
        LeftOut(
            one.digits,
            None if one.born_from == born_from else one.born_from,
            None if one.born_until == born_until else one.born_until,
        )
        for one in found
        if one.digits
    ]


def shared(cohorts: Sequence[CohortRule]) -> list[tuple[int, int]]:
    """Pairs of cohorts (their numbers from 0) that have people in common."""
    return [
        (n, m)
        for m, other in enumerate(cohorts)
        for n, one in enumerate(cohorts[:m])
        if _digits(one) & _digits(other) and _born_together(one, other)
    ]


def _digits(cohort: CohortRule) -> frozenset[str]:
    return cohort.digits or frozenset(DIGITS)


def _born_together(one: CohortRule, other: CohortRule) -> bool:
    begin = max(one.born_from or date.min, other.born_from or date.min)
    return begin <= min(one.born_until or date.max, other.born_until or date.max)
