"""What somebody who is only thought up could book: to see before a release whom it is for."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from booking.models import Programme
from booking.rules.eligibility import Decision, Person, ProgrammeRules, decide


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """Age in completed years; `doses` were received in every programme, long enough ago."""

    age: int
    sex: str
    district: str
    doses: int


def may_book(person: SamplePerson, programmes: Iterable[Programme], *, on: date) -> list[tuple[Programme, Decision]]:
    """Each programme with the decision for a dose on that day. The programmes come with their districts."""
    # A birthday on the day itself: exactly so many years old.
    born = date(on.year - person.age, on.month, min(on.day, 28) if on.month == 2 else on.day)
    thought_up = Person(born, person.sex, person.district, person.doses, None)
    return [(programme, decide(rules_now(programme), thought_up, on=on)) for programme in programmes]


def rules_now(programme: Programme) -> ProgrammeRules:
    """What the programme asks for, as its own row has it: another statement unless it came with its districts."""
    return ProgrammeRules(
        programme.doses,
        programme.intervals,
        programme.min_age,
        programme.max_age,
        programme.sex,
        [district.code for district in programme.districts.all()],
    )
