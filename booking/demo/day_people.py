"""The made-up people of a site's day: children with a guardian, grown-ups, the old, a few from abroad."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX

from accounts.models import DocumentType, Patient, Relation, Sex, User
from accounts.patients import person_key
from booking.demo.documents import DEMONSTRATION_AREA, resident_id
from booking.demo.names import FAMILY, MEN, WOMEN
from booking.rules.references import check_digit

_FROM_ABROAD = (
    ("Anna Schmidt", Sex.FEMALE),
    ("Maria Garcia", Sex.FEMALE),
    ("James Okafor", Sex.MALE),
    ("Yuki Tanaka", Sex.FEMALE),
)


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which site's day somebody is; everything about them follows from it and from their number."""

    code: str
    day: date

    def username(self, number: int) -> str:
        return f"day-{self.code}-{self.day:%y%m%d}-{number:03}"

    def draw(self, number: int, what: str) -> Random:
        """Always the same draws for the same person."""
        return Random(f"{self.code} {self.day} {number} {what}")

    def reference(self, number: int) -> str:
        """Eleven digits that follow from it, and their check digit."""
        digest = hashlib.sha256(f"{self.code} {self.day} {number}".encode()).digest()
        digits = str(int.from_bytes(digest[:8], "big") % (9 * 10**10) + 10**10)
        return digits + check_digit(digits)


def add_people(whose: Whose, grown_up: Sequence[bool]) -> list[Patient]:
    """One patient for each, of an account of its own that nobody can sign in to; grown up where that is wanted."""
    users = User.objects.bulk_create(
        User(username=whose.username(n), password=f"{UNUSABLE_PASSWORD_PREFIX}made up") for n in range(len(grown_up))
    )
    return Patient.objects.bulk_create(
        _patient(user, whose.draw(n, "person"), n, whose.day, adult)
        for n, (user, adult) in enumerate(zip(users, grown_up, strict=True))
    )


def _patient(user: User, draw: Random, number: int, day: date, grown_up: bool) -> Patient:
    age = _age(draw, grown_up)
    born = day - timedelta(days=age * 365 + age // 4 + draw.randrange(365))
    sex = draw.choice((Sex.FEMALE, Sex.MALE))
    name = draw.choice(FAMILY) + draw.choice(WOMEN if sex == Sex.FEMALE else MEN)
    kind, document = DocumentType.RESIDENT_ID, resident_id(DEMONSTRATION_AREA, born, _order(draw, sex))
    if grown_up and number % 31 == 5:
        name, sex = _FROM_ABROAD[number // 31 % len(_FROM_ABROAD)]
        kind, document = DocumentType.PASSPORT, f"X{draw.randrange(10**8):08}"
    return Patient(
        user=user,
        name=name,
        document_type=kind,
        document_number=document,
        person=person_key(kind, document),
        birth_date=born,
        sex=sex,
        relation=Relation.CHILD if age < 18 else draw.choice((Relation.SELF, Relation.SELF, Relation.PARENT)),
    )


def _age(draw: Random, grown_up: bool) -> int:
    if not grown_up and draw.random() < 0.15:
        return draw.randint(4, 13)
    return draw.randint(60, 88) if draw.random() < 0.4 else draw.randint(19, 59)


def _order(draw: Random, sex: Sex) -> int:
    # Even orders are women's. The first ones belong to the people who can sign in.
    return draw.randrange(50, 500) * 2 + (sex == Sex.MALE)
