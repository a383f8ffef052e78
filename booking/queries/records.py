"""Doses received, as the account that holds the patient sees them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.utils import timezone

from accounts.models import Patient
from accounts.patients import patients_of
from booking.models import Appointment, Status
from booking.queries.appointments import AppointmentFacts, facts_of


@dataclass(frozen=True, slots=True)
class DoseReceived:
    """One dose. `batch` is empty where nobody has recorded it; `given_on` is the city's date."""

    appointment: AppointmentFacts
    person: UUID
    vaccine_name: str
    vaccine_name_en: str
    manufacturer: str
    given_on: date
    batch: str = ""


@dataclass(frozen=True, slots=True)
class PatientRecords:
    """A person with the doses received, latest first. `patient_id` is None for somebody who was taken off the list."""

    patient_id: UUID | None
    name: str
    document_type: str
    last_four: str
    birth_date: date
    doses: list[DoseReceived]


def doses_received(user_id: int) -> list[DoseReceived]:
    """Every dose of the account's patients, removed ones too, latest first.

    Only what the account's own patients were given: the same person in another account is that account's affair.
    """
    rows = (
        Appointment.objects.filter(patient__user_id=user_id, status=Status.FULFILLED)
        .select_related("patient", "programme__vaccine", "slot__site")
        .order_by("-slot__starts_at", "-pk")
    )
    return [_dose(row) for row in rows]


def _dose(row: Appointment) -> DoseReceived:
    vaccine = row.programme.vaccine
    return DoseReceived(
        appointment=facts_of(row),
        person=row.person,
        vaccine_name=vaccine.name,
        vaccine_name_en=vaccine.name_en,
        manufacturer=vaccine.manufacturer,
        given_on=timezone.localdate(row.slot.starts_at),
    )


def records_of(user_id: int) -> list[PatientRecords]:
    """Everybody on the account's list, then those who were taken off it and have doses."""
    by_person: dict[UUID, list[DoseReceived]] = {}
    for dose in doses_received(user_id):
        by_person.setdefault(dose.person, []).append(dose)
    found = [_records(row, by_person.pop(row.person, []), removed=False) for row in patients_of(user_id)]
    if by_person:
        gone = {row.person: row for row in Patient.objects.filter(user_id=user_id, person__in=by_person)}
        found += [_records(gone[person], doses, removed=True) for person, doses in by_person.items()]
    return found


def _records(row: Patient, doses: list[DoseReceived], *, removed: bool) -> PatientRecords:
    return PatientRecords(
        patient_id=None if removed else row.pk,
        name=row.name,
        document_type=row.get_document_type_display(),
        last_four=str(row.document_number)[-4:],
        birth_date=row.birth_date,
        doses=doses,
    )
