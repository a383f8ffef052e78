"""Who may have which dose of a programme, and from when. Plain values in, a decision out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from accounts.ages import age_on


@dataclass(frozen=True, slots=True)
class ProgrammeRules:
    """What a programme asks for. Ages are completed years, inclusive; intervals are days from dose n to n+1."""

    doses: int
    intervals: Sequence[int]
    min_age: int
    max_age: int
    sex: str
    districts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Person:
    """What the decision needs to know of a patient."""

    birth_date: date
    sex: str
    district: str
    doses_received: int
    last_dose_on: date | None


@dataclass(frozen=True, slots=True)
class Decision:
    """`dose` is the number to be given, or None; then `reason` says why, and `from_date` when it may be."""

    dose: int | None
    reason: str = ""
    from_date: date | None = None


def birthday(birth_date: date, age: int) -> date:
    """The day on which that age is reached."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def decide(rules: ProgrammeRules, person: Person, *, on: date) -> Decision:
    """May this person have a dose on that day, and which one?"""
    dose = person.doses_received + 1
    if dose > rules.doses:
        return Decision(None, "series_complete")
    if rules.sex and person.sex != rules.sex:
        return Decision(None, "wrong_sex")
    if rules.districts and person.district not in rules.districts:
        return Decision(None, "wrong_district")
    age = age_on(person.birth_date, on)
    if age < rules.min_age:
        return Decision(None, "too_young", birthday(person.birth_date, rules.min_age))
    if age > rules.max_age:
        return Decision(None, "too_old")
    if person.last_dose_on is not None and dose >= 2:
        earliest = person.last_dose_on + timedelta(days=rules.intervals[dose - 2])
        if on < earliest:
            return Decision(None, "too_early", earliest)
    return Decision(dose)


def next_dose_from(*, doses: int, intervals: Sequence[int], dose: int, given_on: date) -> date | None:
    """From when the dose after `dose` may be given; None after the last one."""
    if dose >= doses or dose > len(intervals):
        return None
    return given_on + timedelta(days=intervals[dose - 1])
