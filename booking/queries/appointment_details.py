"""Everything that an appointment's own page says."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils import timezone

from accounts.masking import masked_phone
from booking.models import Appointment, Programme, Status, Visit, VisitStatus
from booking.queries.appointments import AppointmentFacts, facts_of
from booking.queries.relocations import LATEST_RELOCATION
from booking.rules.changes import can_cancel, restorable_until
from booking.rules.eligibility import age_on, next_dose_from
from booking.rules.standing import standing


@dataclass(frozen=True, slots=True)
class AppointmentDetails:
    """An appointment as its owner sees it at one moment.

    `standing` is as rules.standing says; `age` is in completed years on the day; `document_tail` is the last four
    characters; `told_at` is the masked phone that messages go to, or empty. `can_change` is true while it may be
    cancelled, and moved as long as `moves_left`; a cancellation made now could be undone for `undo_minutes`,
    and one that was made can be until `undo_until`, if that is there. `observed_until` is there while the person is
    being observed after the dose.
    """

    facts: AppointmentFacts
    standing: str
    vaccine: str
    vaccine_en: str
    doses: int
    document_type: str
    document_tail: str
    age: int
    told_at: str
    next_dose_from: date | None
    can_change: bool
    moves_left: int
    undo_minutes: int
    undo_until: datetime | None
    cancelled_at: datetime | None
    observed_until: datetime | None = None


_OBSERVED = Visit.objects.filter(appointment=OuterRef("pk"), status=VisitStatus.IN_PROGRESS)


def appointment_details(user_id: int, reference: str, *, now: datetime) -> AppointmentDetails | None:
    """The account's own appointment by its reference; None for anybody else's. One statement."""
    row = (
        Appointment.objects.select_related("patient", "programme__vaccine", "slot__site", "booked_by")
        .annotate(latest_relocation=LATEST_RELOCATION, observed=Subquery(_OBSERVED.values("observe_until")[:1]))
        .filter(booked_by_id=user_id, reference=reference)
        .first()
    )
    return _details(row, now=now) if row else None


def _details(row: Any, *, now: datetime) -> AppointmentDetails:
    facts, patient, programme = facts_of(row), row.patient, row.programme
    day = timezone.localdate(facts.starts_at)
    phone = row.booked_by.phone
    return AppointmentDetails(
        facts=facts,
        standing=standing(status=facts.status, ends_at=facts.ends_at, now=now),
        vaccine=programme.vaccine.name,
        vaccine_en=programme.vaccine.name_en,
        doses=programme.doses,
        document_type=patient.document_type,
        document_tail=str(patient.document_number)[-4:],
        age=age_on(patient.birth_date, day),
        told_at=masked_phone(str(phone)) if phone else "",
        next_dose_from=_next_dose_from(row, programme, day),
        can_change=row.status == Status.BOOKED and can_cancel(starts_at=facts.starts_at, now=now),
        moves_left=facts.changes_left,
        undo_minutes=_undo_minutes(facts.starts_at, now),
        undo_until=facts.restorable_until if facts.restorable_until and facts.restorable_until > now else None,
        cancelled_at=row.cancelled_at,
        observed_until=row.observed if row.observed and row.observed > now else None,
    )


def _next_dose_from(row: Appointment, programme: Programme, day: date) -> date | None:
    return next_dose_from(doses=programme.doses, intervals=programme.intervals, dose=row.dose, given_on=day)


def _undo_minutes(starts_at: datetime, now: datetime) -> int:
    # As operations.cancel will decide it.
    until = restorable_until(
        starts_at=starts_at,
        now=now,
        undo=timedelta(seconds=settings.UNDO_SECONDS),
        no_undo_within=timedelta(seconds=settings.NO_UNDO_WITHIN_SECONDS),
    )
    return (until - now) // timedelta(minutes=1) if until else 0
