"""Somebody on whom a way of release is tried before it counts: thought up, or the person of an appointment."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from accounts.audit import name_of
from accounts.look_ups import opened
from accounts.masking import masked_name
from accounts.models import User
from booking.models import Appointment, Programme
from booking.queries.release_modes import good_invitations
from booking.rules.release_modes import last_digit


@dataclass(frozen=True, slots=True)
class Somebody:
    """What counts for their turn. `name` (masked) and `is_invited` are known of a real person only."""

    digit: str
    born: date
    name: str = ""
    is_invited: bool | None = None


def person_of(reference: str, programme: Programme, *, by: User, now: datetime) -> Somebody | None:
    """The person of the appointment with this reference, None if there is none. Who looked is written down."""
    row = Appointment.objects.filter(reference=reference).select_related("patient").first()
    if row is None:
        return None
    patient, person = row.patient, row.person
    opened(what=name_of(patient), person=person, by=by, now=now)
    return Somebody(
        last_digit(str(patient.document_number)),
        patient.birth_date,
        masked_name(str(patient.name)),
        _is_invited(person, programme, now),
    )


def _is_invited(person: UUID, programme: Programme, now: datetime) -> bool:
    return good_invitations(now=now).filter(person=person, list__programme=programme).exists()
