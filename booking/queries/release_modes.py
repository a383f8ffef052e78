"""How a programme's places are released, and who of some people may book it now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from accounts.models import Patient
from booking.models import LIVE, Appointment, Cohort, Invitation, Programme, ReleaseMode
from booking.rules.release_modes import (
    BY_DRAW,
    NOT_INVITED,
    CohortRule,
    NoTurn,
    last_digit,
    turn_by_cohort,
)
from sites.kept import Kept

# Seconds: how long a change of mode may take to be seen. Everybody who books asks.
_in_process = Kept(2)


@dataclass(frozen=True, slots=True)
class HowReleased:
    """A programme's mode (one of models.ReleaseMode) and, by cohort, its cohorts, the earliest first."""

    mode: str
    cohorts: tuple[CohortRule, ...] = ()


def how_released(programme_id: int) -> HowReleased:
    """As it was two seconds ago at the most; a programme that is gone is released like any other."""
    return _in_process.get(programme_id, lambda: _how_released(programme_id))  # type: ignore[no-any-return]


def forget_release_modes() -> None:
    """A mode has changed: the next question in this process reads it again."""
    _in_process.forget()


def was_used() -> Exists:
    """Of an invitation: its person has an appointment that was booked since it was sent."""
    booked = Appointment.objects.filter(
        person=OuterRef("person"),
        programme=OuterRef("list__programme"),
        status__in=LIVE,
        booked_at__gte=OuterRef("list__sent_at"),
    )
    return Exists(booked)


def invited(people: Sequence[UUID], programme_id: int, *, now: datetime) -> set[UUID]:
    """Those of these people who have an invitation that is neither over nor used.

    It is used while an appointment that was booked since stands: whoever cancels may book again until the deadline.
    """
    found = Invitation.objects.filter(
        ~was_used(),
        Q(withdrawn_at=None, list__withdrawn_at=None),
        person__in=people,
        list__programme_id=programme_id,
        list__sent_at__lte=now,
        list__expires_at__gt=now,
    )
    return set(found.values_list("person", flat=True))


@dataclass(frozen=True, slots=True)
class Asking:
    """Somebody who would book: their patient row, the blind index of their document, and their birthday."""

    patient_id: UUID
    person: UUID
    born: date


def turns(asking: Sequence[Asking], programme_id: int, *, now: datetime) -> list[NoTurn | None]:
    """For each, why they may not book the programme now, None if they may. No statement while it is simply open."""
    how = how_released(programme_id)
    if how.mode == ReleaseMode.COHORT:
        digits = _digits([one.patient_id for one in asking])
        return [
            turn_by_cohort(how.cohorts, digit=digits.get(one.patient_id, ""), born=one.born, now=now) for one in asking
        ]
    if how.mode == ReleaseMode.INVITATION:
        welcome = invited([one.person for one in asking], programme_id, now=now)
        return [None if one.person in welcome else NoTurn(NOT_INVITED) for one in asking]
    if how.mode == ReleaseMode.DRAW:
        return [NoTurn(BY_DRAW)] * len(asking)
    return [None] * len(asking)


def _digits(patients: Sequence[UUID]) -> dict[UUID, str]:
    rows = Patient.objects.filter(pk__in=patients).values_list("pk", "document_number")
    return {pk: last_digit(str(number)) for pk, number in rows}


def _how_released(programme_id: int) -> HowReleased:
    mode = Programme.objects.filter(pk=programme_id).values_list("release_mode", flat=True).first()
    if mode != ReleaseMode.COHORT:
        return HowReleased(mode or ReleaseMode.OPEN)
    rows = Cohort.objects.filter(programme_id=programme_id).order_by("opens_at", "pk")
    cohorts = (
        CohortRule(frozenset(row.digits), row.born_from, row.born_until, row.opens_at, row.closes_at) for row in rows
    )
    return HowReleased(mode, tuple(cohorts))
