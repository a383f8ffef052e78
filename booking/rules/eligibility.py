"""Who may have which dose of a programme, and from when. Plain values in, a decision out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta


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
    """What the decision needs to know of a patient. `booked`: dose and day of the live appointments still to come."""

    birth_date: date
    sex: str
    district: str
    doses_received: int
    last_dose_on: date | None
    booked: Sequence[tuple[int, date]] = ()


@dataclass(frozen=True, slots=True)
class Decision:
    """`dose` is the number to be given, or None; then `reason` says why, and `from_date` when it may be."""

    dose: int | None
    reason: str = ""
    from_date: date | None = None


def age_on(birth_date: date, day: date) -> int:
    """Completed years on that day; somebody born on 29 February turns older on 1 March of a common year."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def birthday(birth_date: date, age: int) -> date:
    """The day on which that age is reached."""
    try:
        return birth_date.replace(year=birth_date.year + age)
    except ValueError:
        return date(birth_date.year + age, 3, 1)


def decide(rules: ProgrammeRules, person: Person, *, on: date) -> Decision:
    """May this person have a dose on that day, and which one? A booked dose counts like one received on its day.

    Where the next dose is booked already, the answer is that dose: the ledger then names the appointment in the way.
    """
    dose = next_dose(rules, person, on=on)
    refused = _not_for(rules, person, dose, on)
    if refused is not None:
        return refused
    if person.booked and any(booked == dose for booked, _ in person.booked):
        return Decision(dose)
    return badly_spaced(rules, person, dose, on=on) or Decision(dose)


def decide_series(rules: ProgrammeRules, person: Person, *, on: Sequence[date]) -> list[tuple[int, Decision]]:
    """As `decide`, for several doses at once, days in order: each in place of a received dose for the one after it.

    Returns the number of each dose beside its decision; ends with the first that is refused.
    """
    decided: list[tuple[int, Decision]] = []
    for day in on:
        dose, decision = next_dose(rules, person, on=day), decide(rules, person, on=day)
        decided.append((dose, decision))
        if decision.dose is None:
            break
        still = [(number, booked_on) for number, booked_on in person.booked if number > dose]
        person = replace(person, doses_received=dose, last_dose_on=day, booked=still)
    return decided


def decide_move(rules: ProgrammeRules, person: Person, dose: int, *, on: date) -> Decision:
    """May the appointment for this dose be on that day instead? Later doses are not looked at: they move along."""
    before = dict(person.booked).get(dose - 1, person.last_dose_on)
    return decide(rules, replace(person, doses_received=dose - 1, last_dose_on=before, booked=()), on=on)


def next_dose(rules: ProgrammeRules, person: Person, *, on: date) -> int:
    """The dose that an appointment on that day would be for; one that is booked already if none is missing by then."""
    dose = person.doses_received + 1
    if person.booked:
        booked = dict(person.booked)
        while dose in booked and booked[dose] < on and dose < rules.doses:
            dose += 1
    return dose


def earliest_after(rules: ProgrammeRules, dose: int, on: date) -> date:
    """From when the next dose may be given, if this one is given on that day."""
    return on + timedelta(days=rules.intervals[dose - 1] if dose <= len(rules.intervals) else 0)


def badly_spaced(rules: ProgrammeRules, person: Person, dose: int, *, on: date) -> Decision | None:
    """The refusal if the dose would come without or too soon after the one before it, or too late for the one after."""
    booked = dict(person.booked)
    if dose - 1 > person.doses_received and dose - 1 not in booked:
        return Decision(None, "dose_before_missing")
    before = booked.get(dose - 1, person.last_dose_on)
    if before is not None and dose >= 2:
        earliest = earliest_after(rules, dose - 1, before)
        if on < earliest:
            return Decision(None, "too_early", earliest)
    if dose + 1 in booked and booked[dose + 1] < earliest_after(rules, dose, on):
        return Decision(None, "next_dose_booked")
    return None


def _not_for(rules: ProgrammeRules, person: Person, dose: int, on: date) -> Decision | None:
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
    return None


def next_dose_from(*, doses: int, intervals: Sequence[int], dose: int, given_on: date) -> date | None:
    """From when the dose after `dose` may be given; None after the last one."""
    if dose >= doses or dose > len(intervals):
        return None
    return given_on + timedelta(days=intervals[dose - 1])
