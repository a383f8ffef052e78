"""What the steward does about how a programme is released: the mode for a journey, whose digit it is.

Imported by tests.browser.steward, once Django is there.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone

from accounts.models import Patient
from booking.models import Programme
from booking.operations.releases.set_release_mode import set_release_mode
from booking.rules.release_modes import CohortRule, last_digit
from booking.rules.release_setting import NamedCohort
from tests.factories import make_administrator

_ALL = "0123456789"


def set_mode(programme: str, mode: str, digits: str = "", hours: Sequence[float] = (0, 24)) -> None:
    """Release the programme in this mode; every process knows it two seconds later.

    By cohort: those with one of these last digits from and until so many hours from now, the others a day later.
    """
    now = timezone.now()
    begins, ends = (now + timedelta(hours=one) for one in hours)
    others = "".join(digit for digit in _ALL if digit not in digits)
    cohorts = [_cohort("第一批", "First", digits, begins, ends), _cohort("第二批", "Second", others, ends, None)]
    set_release_mode(
        programme_id=Programme.objects.get(code=programme).pk, mode=mode, by=make_administrator(), now=now,
        cohorts=cohorts if mode == "cohort" else None,
    )  # fmt: skip


def _cohort(name: str, name_en: str, digits: str, opens_at: Any, closes_at: Any) -> NamedCohort:
    return NamedCohort(name, name_en, CohortRule(frozenset(digits), None, None, opens_at, closes_at))


def digit_of(person: str) -> str:
    """The last digit of somebody's document, by which their cohort goes."""
    return last_digit(str(Patient.objects.get(pk=UUID(person)).document_number))


def programme_pk(programme: str) -> int:
    """What the admin's addresses name it by."""
    return Programme.objects.get(code=programme).pk


ACTS = (set_mode, digit_of, programme_pk)
