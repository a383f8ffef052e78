"""Appointments as their owner sees them: a list, and one by its reference."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import QuerySet

from booking.models import Appointment
from booking.queries.slot_facts import SiteFacts


@dataclass(frozen=True, slots=True)
class AppointmentFacts:
    """Everything about an appointment that a page or an answer shows. Times are aware."""

    reference: str
    status: str
    patient_id: UUID
    patient_name: str
    programme_code: str
    programme_name: str
    programme_name_en: str
    dose: int
    slot_id: int
    starts_at: datetime
    ends_at: datetime
    site: SiteFacts
    booked_at: datetime
    moves: int
    restorable_until: datetime | None = None


def _with_everything() -> QuerySet[Appointment]:
    return Appointment.objects.select_related("patient", "programme", "slot__site")


def facts_of(appointment: Appointment) -> AppointmentFacts:
    """The facts of a row; no statement if slot, site, programme and patient were selected with it."""
    slot, site = appointment.slot, appointment.slot.site
    return AppointmentFacts(
        reference=appointment.reference,
        status=appointment.status,
        patient_id=appointment.patient_id,
        patient_name=appointment.patient.name,
        programme_code=appointment.programme.code,
        programme_name=appointment.programme.name,
        programme_name_en=appointment.programme.name_en,
        dose=appointment.dose,
        slot_id=slot.pk,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        site=SiteFacts(
            site.code,
            site.name,
            site.name_en,
            site.district_id,
            site.address,
            site.phone,
            site.latitude,
            site.longitude,
        ),
        booked_at=appointment.booked_at,
        moves=appointment.moves,
        restorable_until=appointment.restorable_until if appointment.place is not None else None,
    )


def appointments_of(user_id: int, *, status: str | None = None, limit: int = 200) -> list[AppointmentFacts]:
    """What this account has booked, newest slot first; only one status if given."""
    rows = _with_everything().filter(booked_by_id=user_id)
    if status:
        rows = rows.filter(status=status)
    return [facts_of(row) for row in rows.order_by("-slot__starts_at", "-pk")[:limit]]


def appointment_of(user_id: int, reference: str) -> AppointmentFacts | None:
    """The account's own appointment by its reference; None for anybody else's."""
    row = _with_everything().filter(booked_by_id=user_id, reference=reference).first()
    return facts_of(row) if row else None


def answered_before(user_id: int, request_key: str) -> tuple[AppointmentFacts, str, str] | None:
    """The appointment that an earlier try with this key made, what that try asked for, and its claim."""
    row = _with_everything().filter(booked_by_id=user_id, request_key=request_key).first()
    return (facts_of(row), row.request_digest, row.claim) if row else None


def answered_with(user_id: int, request_keys: Sequence[str]) -> dict[str, tuple[AppointmentFacts, str, str]]:
    """As `answered_before`, for several keys in one statement; keys without an appointment are missing."""
    rows = _with_everything().filter(booked_by_id=user_id, request_key__in=request_keys)
    return {row.request_key: (facts_of(row), row.request_digest, row.claim) for row in rows}
